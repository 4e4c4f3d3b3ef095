import type { Amounts, Verb } from '../../domain/perk.ts';
import type { Condition } from '../compile/condition.ts';
import { readKeys } from '../compile/frame.ts';
import { accessRequirements, accessTo, extraFor, isCounted, judgingRank } from './access.ts';
import { compareParts } from './compare.ts';
import type { Asker, Kind, KindContext, Planned } from './kind.ts';

/** What is measured, by name: the fact and the keys below it. A limit of one measure has the name ''. */
export type Measures = Readonly<
  Record<string, { readonly fact: 'input' | 'context' | 'resource'; readonly keys: readonly string[] }>
>;

/** A number that one request may not pass: n is allowed, n + 1 is not. `levels`: per rank, per measure; null is unlimited. */
export function limitKind(
  { perk, afterEnd }: KindContext,
  measures: Measures,
  levels: readonly Readonly<Record<string, number | null>>[],
): Kind {
  const names = Object.keys(measures);
  const single = names.length === 1 && names[0] === '';
  const has = (rank: number) => {
    const level = levels[rank];
    return level !== undefined && names.some((name) => level[name] !== 0);
  };
  const comparison = (name: string): Condition => ({
    fact: 'perk',
    path: `$.${perk}.asked${name && `.${name}`}`,
    operator: 'lessThanInclusive',
    value: { fact: 'perk', path: `$.${perk}.limit${name && `.${name}`}` },
  });
  return {
    name: 'limit',
    unit: '',
    requirements: (verb) => {
      const access = accessRequirements(perk, 'limit', verb);
      return isCounted('limit', verb)
        ? [...access, { code: 'limit_exceeded', condition: { all: names.map(comparison) } }]
        : access;
    },
    planned: (rank): Planned => {
      const level = levels[rank] ?? {};
      return single ? (level[''] ?? null) : level;
    },
    claims: Object.values(measures).map((each) => ({ ...each, is: 'amount' })),
    ranks: levels.length,
    // The order in which the measures are written has no meaning.
    counts: `limit ${JSON.stringify(Object.entries(measures).sort(([a], [b]) => (a < b ? -1 : 1)))}`,
    withLevels: (planned, word) =>
      limitKind(
        { perk, afterEnd: word },
        measures,
        planned.map((each) =>
          typeof each === 'object' && each !== null ? each : { '': typeof each === 'number' ? each : null },
        ),
      ),
    compare: compareParts,
    find(asker: Asker, verb: Verb) {
      const extra = extraFor(asker.member, perk, asker.at);
      const rank = judgingRank(asker.standing, afterEnd);
      const level = rank === -1 ? undefined : levels[rank];
      const access = accessTo('limit', verb, afterEnd, asker.standing, has, extra);
      const asked: Record<string, number | null> = {};
      const limit: Record<string, number | null> = {};
      const bound: Record<string, number> = {};
      for (const name of names) {
        const measure = measures[name];
        const read = measure === undefined ? null : readKeys(asker.frame[measure.fact], measure.keys);
        asked[name] = typeof read === 'number' ? read : null;
        const planned = level === undefined ? 0 : (level[name] ?? null);
        limit[name] = planned === null ? null : planned + extra;
        bound[name] = planned === null ? Number.POSITIVE_INFINITY : planned + extra;
      }
      const shown = (amounts: Readonly<Record<string, number | null>>): Amounts =>
        single ? (amounts[''] ?? null) : amounts;
      return {
        facts: { access, asked: shown(asked), limit: single ? bound[''] : bound },
        values: { kind: 'limit', asked: shown(asked), limit: shown(limit) },
        until: null,
        effect: null,
      };
    },
  };
}
