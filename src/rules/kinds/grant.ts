import type { Verb } from '../../domain/perk.ts';
import type { Calendar } from '../calendar.ts';
import { accessRequirements, accessTo, isCounted, judgingRank } from './access.ts';
import { compareParts } from './compare.ts';
import type { Asker, Kind, KindContext } from './kind.ts';
import { hasEntryIn, type Per, periodAt, UNITS } from './period.ts';

/** An amount that is handed out once in a period, and is lost when nobody asks for it. */
export function grantKind(
  { perk, afterEnd }: KindContext,
  per: Per,
  calendar: Calendar,
  levels: readonly number[],
): Kind {
  const has = (rank: number) => (levels[rank] ?? 0) > 0;
  return {
    name: 'grant',
    unit: UNITS[per],
    per,
    requirements: (verb) => {
      const access = accessRequirements(perk, 'grant', verb);
      if (!isCounted('grant', verb)) return access;
      const unclaimed = { fact: 'perk', path: `$.${perk}.claimed`, operator: 'equal', value: false } as const;
      return [...access, { code: 'already_claimed', condition: { all: [unclaimed] } }];
    },
    planned: (rank) => levels[rank] ?? 0,
    claims: [],
    ranks: levels.length,
    counts: `grant ${per} ${JSON.stringify(calendar)}`,
    withLevels: (planned, word) =>
      grantKind(
        { perk, afterEnd: word },
        per,
        calendar,
        planned.map((each) => Number(each)),
      ),
    compare: compareParts,
    find({ member, standing, at }: Asker, verb: Verb) {
      const rank = judgingRank(standing, afterEnd);
      const period = periodAt(per, calendar, standing, at);
      const claimed = hasEntryIn(period, member, perk);
      return {
        facts: { access: accessTo('grant', verb, afterEnd, standing, has, 0), claimed },
        values: {
          kind: 'grant',
          amount: rank === -1 ? 0 : (levels[rank] ?? 0),
          claimed,
          resetsAt: period === null ? null : period.end,
        },
        until: period === null ? null : period.end,
        effect: isCounted('grant', verb) ? { kind: 'usage', perk, at, amount: 1 } : null,
      };
    },
  };
}
