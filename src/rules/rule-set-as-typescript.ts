import { REASON_CODES } from '../domain/reason.ts';
import type { Action, Input, Perk, RuleFile } from '../generated/rule-file.ts';

/**
 * The types that `perkbook/client` reads a rule set's own words from: actions with their inputs, perks, tiers, reasons and the answers of
 * rules. One exported interface, named after the rule set, which imports nothing.
 */
export function ruleSetAsTypescript(file: RuleFile): string {
  const { ruleSet, title, actions, perks = {}, tiers = {}, rules = {} } = file;
  const checks = Object.values(rules).flatMap((rule) => rule.checks ?? []);
  const reasons = new Set([...REASON_CODES, ...checks.map(({ deny }) => deny)]);
  const answers = new Set(Object.values(rules).flatMap((rule) => Object.keys(rule.answers ?? {})));
  return [
    ...comment(title),
    `export interface ${typeNameOf(ruleSet)} {`,
    ...indented([
      ...members('actions', actions, actionType),
      ...members('perks', perks, perkType),
      ...members('tiers', tiers, () => ['true']),
      ...members('reasons', asRecord(reasons), () => ['true']),
      ...members('answers', asRecord(answers), () => ['unknown']),
    ]),
    '}',
    '',
  ].join('\n');
}

/** `pixai-membership` → `PixaiMembership` */
export function typeNameOf(ruleSet: string): string {
  return ruleSet.replaceAll(/(?:^|-)([a-z\d])/g, (_, first: string) => first.toUpperCase());
}

type Lines = readonly string[];

/** `readonly name: { … };`, with each member under the title that people know it by. */
function members<T extends object>(name: string, of: Readonly<Record<string, T>>, typeOf: (each: T) => Lines): Lines {
  const entries = Object.entries(of);
  if (entries.length === 0) return [`readonly ${name}: Record<never, never>;`];
  return [
    `readonly ${name}: {`,
    ...indented(
      entries.flatMap(([key, each]) => [...comment(titleOf(each)), ...property(propertyName(key), typeOf(each))]),
    ),
    '};',
  ];
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

function perkType(perk: Perk): Lines {
  const measures = perk.kind === 'limit' && typeof perk.of === 'object' ? Object.keys(perk.of) : [];
  const echoes = 'echoes' in perk ? Object.keys(perk.echoes ?? {}) : [];
  const parts = [
    `readonly kind: ${quoted(perk.kind)}`,
    ...(measures.length === 0 ? [] : [`readonly measures: ${measures.map(quoted).join(' | ')}`]),
    ...(echoes.length === 0 ? [] : [`readonly echoes: ${echoes.map(quoted).join(' | ')}`]),
  ];
  return [`{ ${parts.join('; ')} }`];
}

function property(name: string, [first = '', ...rest]: Lines): Lines {
  const lines = [`readonly ${name}: ${first}`, ...rest];
  return [...lines.slice(0, -1), `${lines.at(-1)};`];
}

function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
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
