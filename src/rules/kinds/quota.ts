import type { Verb } from '../../domain/perk.ts';
import type { Calendar } from '../calendar.ts';
import { accessRequirements, accessTo, extraFor, isCounted, judgingRank } from './access.ts';
import { amountAt, budget, withinBudget } from './budget.ts';
import { compareParts } from './compare.ts';
import type { Asker, Kind, KindContext } from './kind.ts';
import { type Per, periodAt, UNITS, usedIn } from './period.ts';

/** So many in a period; what is left over does not carry. `levels`: per rank; null is unlimited. */
export function quotaKind(
  { perk, afterEnd }: KindContext,
  per: Per,
  calendar: Calendar,
  levels: readonly (number | null)[],
): Kind {
  const has = (rank: number) => amountAt(levels, rank) !== 0;
  return {
    name: 'quota',
    unit: UNITS[per],
    per,
    requirements: (verb) => {
      const access = accessRequirements(perk, 'quota', verb);
      return isCounted('quota', verb) ? [...access, withinBudget(perk, 'quota_used_up')] : access;
    },
    planned: (rank) => amountAt(levels, rank),
    claims: [],
    ranks: levels.length,
    counts: `quota ${per} ${JSON.stringify(calendar)}`,
    withLevels: (planned, word) =>
      quotaKind(
        { perk, afterEnd: word },
        per,
        calendar,
        planned.map((each) => (typeof each === 'number' ? each : null)),
      ),
    compare: compareParts,
    find(asker: Asker, verb: Verb) {
      const { member, standing, at, amount } = asker;
      const extra = extraFor(member, perk, at);
      const rank = judgingRank(standing, afterEnd);
      const period = periodAt(per, calendar, standing, at);
      const counts = budget(rank === -1 ? 0 : amountAt(levels, rank), extra, usedIn(period, member, perk));
      return {
        facts: {
          access: accessTo('quota', verb, afterEnd, standing, has, extra),
          limit: counts.bound,
          used: counts.used,
          wanted: counts.used + amount,
        },
        values: {
          kind: 'quota',
          limit: counts.limit,
          used: counts.used,
          remaining: counts.remaining,
          overage: counts.overage,
          resetsAt: period === null ? null : period.end,
        },
        until: period === null ? null : period.end,
        effect: isCounted('quota', verb) ? { kind: 'usage', perk, at, amount } : null,
      };
    },
  };
}
