import { didYouMean } from '../../../domain/did-you-mean.ts';
import type { Condition } from '../../../generated/rule-file.ts';
import type { Path } from '../finding.ts';
import type { Draft } from '../shape/shape.ts';
import { entries, has, isBroken, keys, type LintContext, reportUnknown } from './context.ts';
import { conditionUses } from './uses.ts';

export type DraftCondition = Draft<Condition>;

interface Reference {
  readonly name: string;
  readonly path: Path;
}

/** Larger ones cost too much for every question, and nobody understands them. */
const MOST_NODES = 1_000;

/**
 * That names name conditions, that none leads back to itself, and that each is used. Returns whether one is unused, and whether names
 * can be followed: they come to an end, and soon.
 */
export function lintConditions(context: LintContext): { readonly unused: boolean; readonly finite: boolean } {
  const { file, report } = context;
  const references = new Map(
    entries(file.conditions).map(([name, condition]) => [name, [...referencesIn(condition, ['conditions', name])]]),
  );
  const uses = conditionUses(file);
  for (const { name, path } of [...uses, ...[...references.values()].flat()]) {
    if (has(file.conditions, name) || isBroken(context, ['conditions']) || isBroken(context, ['conditions', name]))
      continue;
    const message = `there is no condition \`${name}\`: define it under \`conditions\``;
    reportUnknown(context, 'unknown_condition', name, path, message, keys(file.conditions));
  }
  const cyclic = reportCycles(context, references);
  const finite = cyclic.size === 0 && !reportTooLarge(context);
  if (hasBrokenUses(context)) return { unused: false, finite };
  const used = reachable(uses, references, keys(file.conditions));
  const unused = keys(file.conditions).filter((name) => !used.has(name));
  for (const name of unused) {
    if (file.accepts?.includes('unused_condition') === true) break;
    const message = `nothing uses the condition \`${name}\`: leave it out`;
    report({ code: 'unused_condition', message, path: ['conditions', name], atKey: true });
  }
  return { unused: unused.length > 0, finite };
}

function* referencesIn(condition: DraftCondition | undefined, path: Path): Generator<Reference> {
  if (condition === undefined) return;
  if ('all' in condition) yield* ofList(condition.all, [...path, 'all']);
  else if ('any' in condition) yield* ofList(condition.any, [...path, 'any']);
  else if ('not' in condition) yield* referencesIn(condition.not, [...path, 'not']);
  else if ('condition' in condition && condition.condition !== undefined) {
    yield { name: condition.condition, path: [...path, 'condition'] };
  }
}

function* ofList(list: readonly (DraftCondition | undefined)[] | undefined, path: Path): Generator<Reference> {
  for (const [index, each] of (list ?? []).entries()) yield* referencesIn(each, [...path, index]);
}

/** Depth first without recursion: a chain of names may be long. Returns the conditions that lead back to themselves. */
function reportCycles(
  { report }: LintContext,
  references: ReadonlyMap<string, readonly Reference[]>,
): ReadonlySet<string> {
  const done = new Set<string>();
  const cyclic = new Set<string>();
  for (const start of references.keys()) {
    const trail: { readonly name: string; next: number }[] = [{ name: start, next: 0 }];
    const onTrail = new Set([start]);
    for (let top = trail.at(-1); top !== undefined && !done.has(start); top = trail.at(-1)) {
      const reference = references.get(top.name)?.[top.next++];
      if (reference === undefined) {
        done.add(top.name);
        onTrail.delete(top.name);
        trail.pop();
      } else if (onTrail.has(reference.name)) {
        const circle = trail.slice(trail.findIndex((each) => each.name === reference.name)).map((each) => each.name);
        for (const name of circle) cyclic.add(name);
        const round = [...circle, reference.name].slice(0, 8).map((name) => `\`${name}\``);
        const message =
          circle.length === 1 ? `${round[0]} needs itself` : `this leads in a circle: ${round.join(' needs ')}`;
        report({ code: 'cyclic_condition', message, path: reference.path });
      } else if (!done.has(reference.name) && references.has(reference.name)) {
        trail.push({ name: reference.name, next: 0 });
        onTrail.add(reference.name);
      }
    }
  }
  return cyclic;
}

/** Returns whether one is. */
function reportTooLarge({ file, report }: LintContext): boolean {
  const known = new Map<string, number>();
  /** The nodes of a condition with all it refers to, or `Infinity` as soon as there are too many. Never deeper than that. */
  const sizeOf = (condition: DraftCondition | undefined, depth: number): number => {
    if (condition === undefined) return 0;
    if (depth > MOST_NODES) return Number.POSITIVE_INFINITY;
    const list = 'all' in condition ? condition.all : 'any' in condition ? condition.any : undefined;
    if (list !== undefined) {
      let size = 1;
      for (const each of list) {
        size += sizeOf(each, depth + 1);
        if (size > MOST_NODES) return Number.POSITIVE_INFINITY;
      }
      return size;
    }
    if ('not' in condition) return 1 + sizeOf(condition.not, depth + 1);
    if ('condition' in condition && condition.condition !== undefined && has(file.conditions, condition.condition)) {
      return 1 + sizeOfNamed(condition.condition, depth + 1);
    }
    return 1;
  };
  const sizeOfNamed = (name: string, depth: number): number => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const size = sizeOf(file.conditions?.[name], depth);
    // Too deep from here need not be too large in itself: only a number is the same for everybody.
    if (Number.isFinite(size) || depth === 0) known.set(name, size);
    return size;
  };
  for (const name of keys(file.conditions)) {
    if (sizeOfNamed(name, 0) <= MOST_NODES) continue;
    const message = `\`${name}\` has more than 1,000 parts with all the conditions it refers to`;
    report({ code: 'condition_too_large', message, path: ['conditions', name], atKey: true });
    // The ones that refer to it are too large as well.
    return true;
  }
  return false;
}

function reachable(
  uses: readonly Reference[],
  references: ReadonlyMap<string, readonly Reference[]>,
  known: readonly string[],
): ReadonlySet<string> {
  const found = new Set<string>();
  // A misspelt name is reported, and uses the condition that was meant.
  const meantBy = ({ name }: Reference) => (references.has(name) ? name : (didYouMean(name, known) ?? name));
  const open = uses.map(meantBy);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    for (const reference of references.get(name) ?? []) open.push(meantBy(reference));
  }
  return found;
}

/** A part that could use more conditions was reported and left out. */
function hasBrokenUses({ broken }: LintContext): boolean {
  return [...broken].some((pointer) =>
    /^\/(conditions|rules|perks)(\/[^/]+)?$|^\/(conditions|rules)\/|^\/perks\/[^/]+\/actions/.test(pointer),
  );
}
