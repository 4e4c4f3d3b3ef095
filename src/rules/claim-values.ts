import type { RuleFile } from '../generated/rule-file.ts';
import { type Condition, isFactValue } from './compile/condition.ts';
import type { RuleSet, Version } from './rule-set.ts';

/** What is worth claiming, by dotted path below a fact: `input.loras` → 4, 5, 6. */
export type ClaimValues = ReadonlyMap<string, ReadonlySet<unknown>>;

type Add = (path: string, values: readonly unknown[]) => void;

/** Stands for the id of whoever asks. */
export const ASKER = Symbol('asker');

/**
 * The values of claims at which an answer may change: at, below and above each limit; each key of a table and one that is not in it;
 * what a condition compares a claim with, and its neighbours. Of all versions: each judges somebody.
 */
export function claimValues({ versions }: RuleSet): ClaimValues {
  const found = new Map<string, Set<unknown>>();
  for (const version of versions) {
    collect(version, (path, values) => {
      const known = found.get(path) ?? new Set<unknown>();
      found.set(path, known);
      for (const value of values) known.add(value);
    });
  }
  return found;
}

function collect(version: Version, add: Add): void {
  // INVARIANT: `json` is the rule file that the version was compiled from.
  const { perks = {} } = version.json as RuleFile;
  for (const [id, perk] of Object.entries(perks)) {
    const card = version.cards.get(id);
    if (card === undefined) continue;
    const planned = version.tiers.map((_, rank) => card.kind.planned(rank));
    if (perk.kind === 'limit') {
      const paths = typeof perk.of === 'string' ? { '': perk.of } : perk.of;
      for (const [measure, path] of Object.entries(paths)) {
        const limits = planned.map((each) => (isRecord(each) ? each[measure] : each));
        add(path, limits.flatMap(around));
      }
    } else if (perk.kind === 'table') {
      const keys = planned.flatMap((each) => (isRecord(each) ? Object.keys(each) : []));
      add(perk.by, keys.map(numberOrText));
      add(perk.by, keys.every((key) => typeof numberOrText(key) === 'number') ? [-1] : ['not listed']);
    }
  }
  for (const condition of Object.values(version.conditions)) comparedValues(condition, add);
}

function comparedValues(condition: Condition, add: Add): void {
  if ('all' in condition) for (const each of condition.all) comparedValues(each, add);
  else if ('any' in condition) for (const each of condition.any) comparedValues(each, add);
  else if ('not' in condition) comparedValues(condition.not, add);
  else if ('fact' in condition) {
    const path = condition.fact + condition.path.slice(1);
    const { value } = condition;
    if (isFactValue(value)) {
      // Equal to the other side where that is the asker; else any two claims will do.
      const isAsker = value.fact === 'subject' && value.path === '$.id';
      add(path, isAsker ? [ASKER, 'somebody-else'] : ['a', 'b']);
    } else add(path, Array.isArray(value) ? value.flatMap(around) : around(value as unknown));
  }
}

function around(value: unknown): readonly unknown[] {
  return typeof value === 'number'
    ? [value - 1, value, value + 1]
    : value === undefined || value === null
      ? []
      : [value];
}

function numberOrText(key: string): number | string {
  return Number.isFinite(Number(key)) ? Number(key) : key;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
