import { didYouMean } from '../../../domain/did-you-mean.ts';
import { listed } from '../../../domain/listed.ts';
import { KINDS } from '../../../domain/perk.ts';
import type { RuleFile } from '../../../generated/rule-file.ts';
import { type Path, type Problem, pathOf, pointerOf, type Report } from '../finding.ts';
import { type SchemaError, schemaErrors } from '../yaml/schema.ts';
import { explainSchemaError } from '../yaml/schema-messages.ts';
import type { Source } from '../yaml/source.ts';
import type { FileData } from '../yaml/to-data.ts';
import { checkConditionShape } from './condition-shape.ts';
import { at, isRecord, remove } from './tree.ts';

/** As much of a rule file as is sound: what the schema rejected has been reported and taken out. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? readonly (Draft<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Draft<T[Key]> | undefined }
    : T;

export interface Shaped {
  readonly file: Draft<RuleFile>;
  /** Pointers of what was reported already, so that nothing more is to be said of it. */
  readonly broken: ReadonlySet<string>;
  /** So much is wrong that the rest was not looked at, and lint would guess. */
  readonly hopeless: boolean;
}

/** More than anybody reads in one go. */
const MOST_ERRORS = 2_000;

/** Checks the shape of a file, reports what is wrong and takes it out, so that lint can judge the rest. */
export function checkShape({ data, broken }: FileData, source: Source, report: Report): Shaped {
  const isBroken = (path: Path) => broken.has(pointerOf(path));
  /** Empty only because what was in it was reported. */
  const hasBroken = (path: Path) => [...broken].some((pointer) => pointer.startsWith(`${pointerOf(path)}/`));
  if (!isRecord(data)) {
    if (!isBroken([]))
      report({ code: 'wrong_type', message: 'a rule file begins with `format: perkbook/1`', path: [] });
    return { file: {}, broken, hopeless: true };
  }
  const kindless = settleKinds(data, broken, report);
  const errors = schemaErrors(data);
  const meant = meantProperties(errors);
  for (const error of outermost(withoutConditions(errors.slice(0, MOST_ERRORS), data, broken, report))) {
    const path = pathOf(error.instancePath);
    const { problem, takeOut } = explainSchemaError(error, path, source);
    // A card without a kind was checked as a switch, only to find what is wrong with the rest of it.
    const isGuess = path[0] === 'perks' && kindless.has(path[1] ?? '') && isOfKind(problem);
    if (!isGuess && !isSaid(error, path, isBroken, hasBroken) && !isMisspelt(problem, meant)) report(problem);
    if (takeOut === undefined) continue;
    broken.add(pointerOf(takeOut));
    remove(data, takeOut);
  }
  for (const perk of kindless) remove(data, ['perks', perk, 'kind']);
  return { file: data as Draft<RuleFile>, broken, hopeless: errors.length > MOST_ERRORS };
}

/** Whether it depends on the kind: not so for the properties that every card has. */
function isOfKind({ path, didYouMean: meant, code }: Problem): boolean {
  const property = String(path[2]);
  return (
    !OF_EVERY_CARD.includes(property) &&
    !(code === 'unknown_property' && meant !== undefined && OF_EVERY_CARD.includes(meant))
  );
}

const OF_EVERY_CARD = [
  'title',
  'source',
  'afterEnd',
  'existingMembers',
  'whenFactsUnavailable',
  'accepts',
  'actions',
  'says',
];

/** Missing only because it is written wrongly, which is reported. */
function isMisspelt({ code, path }: Problem, meant: ReadonlySet<string>): boolean {
  return code === 'missing_property' && meant.has(pointerOf(path));
}

/** What unknown properties were meant to be. */
function meantProperties(errors: readonly SchemaError[]): ReadonlySet<string> {
  const meant = new Set<string>();
  for (const error of errors) {
    if (error.keyword !== 'additionalProperties') continue;
    const key = String((error.params as { additionalProperty?: unknown }).additionalProperty);
    const nearest = didYouMean(key, Object.keys(error.parentSchema?.properties ?? {}));
    if (nearest !== undefined) meant.add(pointerOf([...pathOf(error.instancePath), nearest]));
  }
  return meant;
}

/** Missing because it was reported and left out, or a key that was reported. */
function isSaid(
  error: SchemaError,
  path: Path,
  isBroken: (path: Path) => boolean,
  hasBroken: (path: Path) => boolean,
): boolean {
  const { missingProperty, propertyName, additionalProperty } = error.params as Record<string, string | undefined>;
  const name = missingProperty ?? additionalProperty ?? (error.keyword === 'propertyNames' ? propertyName : undefined);
  if (error.keyword === 'minProperties' && hasBroken(path)) return true;
  return isBroken(path) || (name !== undefined && isBroken([...path, name]));
}

/**
 * A misspelt kind is reported here and put right in the data, so that the rest of the card is judged by what was meant.
 * Returns the perks of which nobody can tell what was meant.
 */
function settleKinds(data: Record<string, unknown>, broken: Set<string>, report: Report): ReadonlySet<string> {
  const kindless = new Set<string>();
  if (!isRecord(data.perks)) return kindless;
  for (const [id, perk] of Object.entries(data.perks)) {
    if (!isRecord(perk) || (KINDS as readonly unknown[]).includes(perk.kind)) continue;
    const path = ['perks', id, 'kind'];
    const written = perk.kind;
    const meant = typeof written === 'string' ? didYouMean(written, KINDS) : undefined;
    if (written === undefined && !broken.has(pointerOf(path))) {
      report({ code: 'missing_property', message: `\`kind\` is missing: write ${listed(KINDS)}`, path, atKey: true });
    } else if (written !== undefined) {
      const message = `\`${String(written)}\` is no kind of perk: write ${listed(KINDS)}`;
      report({ code: 'unknown_kind', message, path, didYouMean: meant });
    }
    broken.add(pointerOf(path));
    perk.kind = meant ?? 'switch';
    if (meant === undefined) kindless.add(id);
  }
  return kindless;
}

/** A condition that the schema rejects is explained by ourselves: it has five forms, and the schema complains about all. */
function withoutConditions(
  errors: readonly SchemaError[],
  data: Record<string, unknown>,
  broken: Set<string>,
  report: Report,
): readonly SchemaError[] {
  const rejected = new Set<string>();
  const others = errors.filter((error) => {
    const [first, name] = pathOf(error.instancePath);
    if (first !== 'conditions' || name === undefined) return true;
    rejected.add(name);
    return false;
  });
  for (const name of rejected) {
    const path = ['conditions', name];
    const before = broken.size;
    const sound = checkConditionShape(at(data, path), path, (problem) => {
      const pointer = pointerOf(problem.path);
      // Left out because it was reported while it was read: not missing.
      if (!broken.has(pointer)) report(problem);
      broken.add(pointer);
    });
    if (broken.size === before) report({ code: 'condition_form', message: 'this is no condition', path });
    broken.add(pointerOf(path));
    if (sound === undefined) remove(data, path);
    else (data.conditions as Record<string, unknown>)[name] = sound;
  }
  return others;
}

const UNIONS = new Set(['anyOf', 'oneOf']);
const STRUCTURE = new Set([
  'additionalProperties',
  'required',
  'propertyNames',
  'minProperties',
  'maxProperties',
  'minItems',
  'maxItems',
  'uniqueItems',
]);

/**
 * Of several things said about one value, the one that helps. A union complains about each of its branches: where the
 * value is a map or a list, only that branch was meant; else only the union's own word counts.
 */
function outermost(errors: readonly SchemaError[]): readonly SchemaError[] {
  const unions = errors.filter((error) => UNIONS.has(error.keyword));
  const kept = new Set(errors);
  for (const union of unions) {
    if (!kept.has(union)) continue;
    const inside = errors.filter((each) => each !== union && isWithin(each.instancePath, union.instancePath));
    const isTree = typeof union.data === 'object' && union.data !== null;
    const meant = isTree
      ? inside.filter((each) => each.instancePath !== union.instancePath || STRUCTURE.has(each.keyword))
      : [];
    for (const each of inside) if (!meant.includes(each)) kept.delete(each);
    if (meant.length > 0) kept.delete(union);
  }
  return [...kept].filter(
    (error) => !(error.keyword === 'pattern' && error.propertyName !== undefined) && !isOfName(error),
  );
}

/** AJV says of a wrong name first what is wrong with it, then that the name is wrong: the second is enough. */
function isOfName(error: SchemaError): boolean {
  return error.propertyName !== undefined && error.keyword !== 'propertyNames';
}

function isWithin(pointer: string, outer: string): boolean {
  return pointer === outer || pointer.startsWith(`${outer}/`);
}
