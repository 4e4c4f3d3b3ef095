import type { Verb } from '../../domain/perk.ts';
import { readKeys } from '../compile/frame.ts';
import { accessRequirements, accessTo, judgingRank } from './access.ts';
import { compareParts } from './compare.ts';
import type { Asker, Kind, KindContext, Planned } from './kind.ts';

/**
 * An amount looked up by an input. Nothing between the rows is guessed. `rows`: by key, per rank; the key of a number is its shortest
 * text, so that 5 and 5.0 are one row, and the text `007` is not the number 7.
 */
export function tableKind(
  { perk, afterEnd }: KindContext,
  by: { readonly fact: 'input' | 'context' | 'resource'; readonly keys: readonly string[] },
  rows: ReadonlyMap<string, readonly number[]>,
): Kind {
  return {
    name: 'table',
    unit: '',
    requirements: (verb) => [
      {
        code: 'value_not_listed',
        first: true,
        condition: { all: [{ fact: 'perk', path: `$.${perk}.listed`, operator: 'equal', value: true }] },
      },
      ...accessRequirements(perk, 'table', verb),
    ],
    planned: (rank) => Object.fromEntries([...rows].map(([key, levels]) => [key, levels[rank] ?? 0])),
    claims: [{ ...by, is: 'key' }],
    ranks: Math.max(0, ...[...rows.values()].map((levels) => levels.length)),
    counts: `table ${by.fact}.${by.keys.join('.')}`,
    withLevels: (planned, word) => tableKind({ perk, afterEnd: word }, by, rowsOf(planned)),
    compare: compareParts,
    find(asker: Asker, verb: Verb) {
      const read = readKeys(asker.frame[by.fact], by.keys);
      const key = typeof read === 'number' || typeof read === 'string' ? read : '';
      const levels = rows.get(String(key));
      const rank = judgingRank(asker.standing, afterEnd);
      const has = (each: number) => (levels?.[each] ?? 0) > 0;
      return {
        facts: { access: accessTo('table', verb, afterEnd, asker.standing, has, 0), key, listed: levels !== undefined },
        values: { kind: 'table', key, amount: levels === undefined ? null : rank === -1 ? 0 : (levels[rank] ?? 0) },
        until: null,
        effect: null,
      };
    },
  };
}

/** By rank and key, turned into by key and rank. */
function rowsOf(planned: readonly Planned[]): ReadonlyMap<string, readonly number[]> {
  const levels = planned.map((each) => (typeof each === 'object' && each !== null ? each : {}));
  const keys = [...new Set(levels.flatMap((level) => Object.keys(level)))];
  return new Map(keys.map((key) => [key, levels.map((level) => level[key] ?? 0)]));
}
