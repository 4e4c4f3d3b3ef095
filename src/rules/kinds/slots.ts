import type { Effect } from '../../domain/consumption.ts';
import type { Verb } from '../../domain/perk.ts';
import { accessRequirements, accessTo, extraFor, isCounted, judgingRank } from './access.ts';
import { amountAt, budget, withinBudget } from './budget.ts';
import { compareParts } from './compare.ts';
import type { Asker, Kind, KindContext } from './kind.ts';

/** So many at once, however long ago they were filled. `holds`: the holding that counts them. Null is unlimited. */
export function slotsKind({ perk, afterEnd }: KindContext, holds: string, levels: readonly (number | null)[]): Kind {
  const has = (rank: number) => amountAt(levels, rank) !== 0;
  return {
    name: 'slots',
    unit: '',
    holds,
    requirements: (verb) => {
      const access = accessRequirements(perk, 'slots', verb);
      return isCounted('slots', verb) ? [...access, withinBudget(perk, 'slots_full')] : access;
    },
    planned: (rank) => amountAt(levels, rank),
    claims: [],
    ranks: levels.length,
    counts: `slots ${holds}`,
    withLevels: (planned, word) =>
      slotsKind(
        { perk, afterEnd: word },
        holds,
        planned.map((each) => (typeof each === 'number' ? each : null)),
      ),
    compare: compareParts,
    find(asker: Asker, verb: Verb) {
      const { member, standing, at, amount } = asker;
      const extra = extraFor(member, perk, at);
      const rank = judgingRank(standing, afterEnd);
      const held = member?.holdings[holds] ?? 0;
      const counts = budget(rank === -1 ? 0 : amountAt(levels, rank), extra, held);
      return {
        facts: {
          access: accessTo('slots', verb, afterEnd, standing, has, extra),
          limit: counts.bound,
          used: held,
          wanted: held + amount,
        },
        values: {
          kind: 'slots',
          limit: counts.limit,
          used: counts.used,
          remaining: counts.remaining,
          overage: counts.overage,
        },
        until: null,
        effect: effectOf(verb, held, amount),
      };
    },
  };

  function effectOf(verb: Verb, held: number, amount: number): Effect | null {
    switch (verb) {
      case 'add':
        return { kind: 'holding', holding: holds, delta: amount };
      case 'remove':
        // Removing stops at nothing: a slot that is not filled cannot be given back.
        return { kind: 'holding', holding: holds, delta: 0 - Math.min(held, amount) };
      case 'use':
      case 'show':
        return null;
    }
  }
}
