import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { checkRuleFile } from '../../../src/rules/load/check-rule-file.ts';
import type { Version } from '../../../src/rules/rule-set.ts';

export type Data = null | string | number | boolean | Data[] | { [key: string]: Data };
export type Tree = { [key: string]: Data };

export function textOf(ruleSet: string): string {
  return readFileSync(new URL(`../../../../rules/${ruleSet}/v1.yaml`, import.meta.url), 'utf8');
}

export const FILES: Readonly<Record<string, Tree>> = {
  'pixai-membership': parse(textOf('pixai-membership')) as Tree,
  documents: parse(textOf('documents')) as Tree,
};

/** Undefined for what is no rule file any more. */
export function versionOf(data: Data): Version | undefined {
  return checkRuleFile(stringify(data), { file: 'v1.yaml' }).version;
}

export function isMap(data: Data | undefined): data is Tree {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

type Path = readonly (string | number)[];

function pathsOf(data: Data, path: Path = []): readonly Path[] {
  if (typeof data !== 'object' || data === null) return [path];
  const keys = Array.isArray(data) ? [...data.keys()] : Object.keys(data);
  return [path, ...keys.flatMap((key) => pathsOf((data as Tree)[key] ?? null, [...path, key]))];
}

/** Words and numbers that belong somewhere in a rule file, so that a random one is right now and then. */
const VALUES: readonly Data[] = [
  ...['keeps', 'frozen', 'freeLevel', 'loses', 'add', 'use', 'show', 'remove', 'yes', 'no', 'members', 'unlimited'],
  ...['now', 'nextTerm', 'whileSubscribed', 'neverWorse', 'month', 'day', 'termMonth', 'allow', 'deny', 'asFree'],
  ...['+20%', '+100%', 'input.loras', 'input.width', 'subscribed', 'cancelled', 'Another text.', 'Asia/Tokyo'],
  ...['firstOfMonth', 'subscriptionDay', 'UTC', 'integer', 'number', 'lessThan', 'equal', 'R1', 'switch', 'quota'],
  ...[0, 1, 2, 3, 5, 10, 12000, 20000, true, false, null],
];

const PROPERTIES: readonly (readonly [string, Data])[] = [
  ['existingMembers', 'now'],
  ['existingMembers', 'nextTerm'],
  ['whenFactsUnavailable', 'deny'],
  ['whenFactsUnavailable', 'allow'],
  ['retired', false],
  ['retired', true],
  ['open', false],
  ['open', true],
  ['accepts', ['not_monotonic', 'worse_than_stranger']],
  ['unknownUser', 'asFree'],
  ['says', {}],
  ['source', []],
  ['input', {}],
  ['statements', {}],
  ['resource', 'model'],
  ['minimum', 0],
  ['maximum', 100],
  ['when', 'subscribed'],
  ['unless', ['subscribed', 'cancelled']],
  ['calendar', { day: { timeZone: 'UTC' } }],
  ['card', { title: 'Card' }],
  ['50', { free: 0, starter: 1, hobbyist: 2, pro: 3 }],
];

/** Properties that may be left out, most of them of cards. */
const OF_PERKS: readonly (readonly [string, Data])[] = [
  ['existingMembers', 'now'],
  ['existingMembers', 'neverWorse'],
  ['whenFactsUnavailable', 'deny'],
  ['whenFactsUnavailable', 'allow'],
  ['accepts', ['not_monotonic']],
  ['accepts', []],
  ['afterEnd', 'keeps'],
  ['source', ['R2', 'R1']],
];

const OF_ACTIONS: readonly (readonly [string, Data])[] = [
  ['open', false],
  ['open', true],
  ['input', {}],
  ['resource', 'model'],
];

interface Mutation {
  readonly place: number;
  readonly how: 'set' | 'remove' | 'last' | 'add' | 'reverse' | 'copy' | 'swap' | 'perk' | 'action' | 'rule';
  readonly value: Data;
  readonly property: readonly [string, Data];
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(),
  how: fc.constantFrom('set', 'remove', 'last', 'add', 'reverse', 'copy', 'swap', 'perk', 'action', 'rule'),
  value: fc.constantFrom(...VALUES),
  property: fc.constantFrom(...PROPERTIES),
});

export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(mutation, { minLength: 1, maxLength: 3 });

export function mutated(data: Tree, all: readonly Mutation[]): Tree {
  const copy = structuredClone(data);
  for (const each of all) mutate(copy, each);
  return copy;
}

function mutate(data: Tree, { place, how, value, property }: Mutation): void {
  const paths = pathsOf(data);
  const path = paths[place % paths.length] ?? [];
  const key = path.at(-1);
  const parent = path.slice(0, -1).reduce<Data>((at, step) => (at as Tree)[step] ?? null, data) as Tree;
  if (key === undefined) return;
  const here = parent[key] ?? null;
  switch (how) {
    case 'set':
      // A neighbour's value is often as right as a word that is right somewhere.
      parent[key] = structuredClone(place % 3 === 0 ? (Object.values(parent)[place % 7] ?? value) : value);
      return;
    case 'remove':
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
      return;
    case 'last':
      if (Array.isArray(parent)) return;
      delete parent[key];
      parent[key] = here;
      return;
    case 'add':
      if (isMap(here)) here[property[0]] = structuredClone(property[1]);
      return;
    case 'reverse':
      if (Array.isArray(here)) here.reverse();
      return;
    case 'copy':
      if (Array.isArray(parent)) parent.push(structuredClone(here));
      else parent[`${key}_2`] = structuredClone(here);
      return;
    case 'perk':
      set(pick(data.perks, place), OF_PERKS[place % OF_PERKS.length]);
      return;
    case 'action':
      set(pick(data.actions, place), OF_ACTIONS[place % OF_ACTIONS.length]);
      return;
    case 'rule': {
      const rule = pick(data.rules, place);
      if (Array.isArray(rule?.checks)) rule.checks.reverse();
      return;
    }
    case 'swap': {
      const other = Object.keys(parent)[place % 5];
      if (other === undefined || Array.isArray(parent)) return;
      parent[key] = parent[other] ?? null;
      parent[other] = here;
    }
  }
}

function pick(all: Data | undefined, place: number): Tree | undefined {
  const each = isMap(all) ? Object.values(all) : [];
  const found = each[Math.floor(place / 8) % Math.max(1, each.length)];
  return isMap(found) ? found : undefined;
}

function set(into: Tree | undefined, property: readonly [string, Data] | undefined): void {
  if (into !== undefined && property !== undefined) into[property[0]] = structuredClone(property[1]);
}
