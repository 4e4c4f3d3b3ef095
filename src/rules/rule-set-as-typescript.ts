import { REASON_CODES } from '../domain/reason.ts';
import type { Action, Input, Perk, RuleFile } from '../generated/rule-file.ts';

/**
 * The types that `perkbook/client` reads a rule set's own words from: actions with their inputs, perks, tiers, reasons and the answers of
 * rules. One exported interface, named after the rule set, which imports nothing. INVARIANT: nor does it use any type by its name: the
 * name may be that of the rule set. `older`: versions that still judge some members, newest first. What may be answered by either is
 * there; an action is asked as the newest one says.
 */
export function ruleSetAsTypescript(file: RuleFile, older: readonly RuleFile[] = []): string {
  const files = [file, ...older];
  const rules = files.flatMap((each) => Object.values(each.rules ?? {}));
  const checks = rules.flatMap((rule) => rule.checks ?? []);
  const reasons = new Set([...REASON_CODES, ...checks.map(({ deny }) => deny)]);
  const answers = new Set(rules.flatMap((rule) => Object.keys(rule.answers ?? {})));
  return [
    ...comment(file.title),
    `export interface ${typeNameOf(file.ruleSet)} {`,
    ...indented([
      ...members('actions', byName(files.map(({ actions }) => actions)), ([action]) => actionType(action)),
      ...members('perks', byName(files.map(({ perks = {} }) => perks)), perkTypes),
      ...members('tiers', byName(files.map(({ tiers = {} }) => tiers)), () => ['true']),
      ...members('reasons', byName([asRecord(reasons)]), () => ['true']),
      ...members('answers', byName([asRecord(answers)]), () => ['unknown']),
    ]),
    '}',
    '',
  ].join('\n');
}

/** `pixai-membership` → `PixaiMembership`. INVARIANT: no two rule sets have the same; `a-1` and `a1` are `A_1` and `A1`. */
export function typeNameOf(ruleSet: string): string {
  return ruleSet.replaceAll(/(?:^|-)([a-z])/g, (_, first: string) => first.toUpperCase()).replaceAll('-', '_');
}

/** What each name stands for, newest first. */
type Named<T> = ReadonlyMap<string, readonly [T, ...T[]]>;

function byName<T>(records: readonly Readonly<Record<string, T>>[]): Named<T> {
  const named = new Map<string, [T, ...T[]]>();
  for (const [name, each] of records.flatMap((record) => Object.entries(record))) {
    const known = named.get(name);
    if (known === undefined) named.set(name, [each]);
    else known.push(each);
  }
  return named;
}

type Lines = readonly string[];

/** `readonly name: { … };`, with each member under the title that people know it by. */
function members<T extends object>(name: string, of: Named<T>, typeOf: (each: readonly [T, ...T[]]) => Lines): Lines {
  // In the language alone: a rule set called `record` has the name of the type that others would write here.
  if (of.size === 0) return [`readonly ${name}: { readonly [name in never]: never };`];
  const lines = [...of].flatMap(([key, each]) => [
    ...comment(titleOf(each[0])),
    ...property(propertyName(key), typeOf(each)),
  ]);
  return [`readonly ${name}: {`, ...indented(lines), '};'];
}

function actionType({ input = {}, resource }: Action): Lines {
  const inputs = Object.entries(input);
  const fields = inputs.flatMap(([name, spec]) => [
    ...comment(spec.title),
    ...property(`${propertyName(name)}${spec.default === undefined ? '' : '?'}`, [inputType(spec)]),
  ]);
  const resourceType = resource === undefined ? 'null' : quoted(resource);
  if (fields.length === 0) return [`{ readonly input: null; readonly resource: ${resourceType} }`];
  return [
    '{',
    ...indented(['readonly input: {', ...indented(fields), '};', `readonly resource: ${resourceType};`]),
    '}',
  ];
}

function inputType({ type, enum: words }: Input): string {
  if (words !== undefined)
    return words.map((word) => (typeof word === 'string' ? quoted(word) : String(word))).join(' | ');
  return type === 'integer' ? 'number' : (type ?? 'unknown');
}

/** As any of them is judged. */
function perkTypes(perks: readonly Perk[]): Lines {
  return [[...new Set(perks.map(perkType))].join(' | ')];
}

function perkType(perk: Perk): string {
  const measures = perk.kind === 'limit' && typeof perk.of === 'object' ? Object.keys(perk.of) : [];
  const echoes = 'echoes' in perk ? Object.keys(perk.echoes ?? {}) : [];
  const parts = [
    `readonly kind: ${quoted(perk.kind)}`,
    ...(measures.length === 0 ? [] : [`readonly measures: ${measures.map(quoted).join(' | ')}`]),
    ...(echoes.length === 0 ? [] : [`readonly echoes: ${echoes.map(quoted).join(' | ')}`]),
  ];
  return `{ ${parts.join('; ')} }`;
}

function property(name: string, [first = '', ...rest]: Lines): Lines {
  const lines = [`readonly ${name}: ${first}`, ...rest];
  return [...lines.slice(0, -1), `${lines.at(-1)};`];
}

function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

/** Whatever the text is, it stays on its line. */
function quoted(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}

/** A title cannot end the comment that it is in, nor begin another line. */
function comment(title: string | undefined): Lines {
  return title === undefined ? [] : [`/** ${title.replaceAll('*/', '*∕').replaceAll(/\s+/g, ' ')} */`];
}

function titleOf(each: object): string | undefined {
  return 'title' in each && typeof each.title === 'string' ? each.title : undefined;
}

function asRecord(names: Iterable<string>): Readonly<Record<string, object>> {
  return Object.fromEntries([...names].map((name) => [name, {}]));
}

function indented(lines: Lines): Lines {
  return lines.map((line) => `  ${line}`);
}
