import { newest } from '../../decide/pick-version.ts';
import { addMonths } from '../../domain/calendar.ts';
import type { Counting } from '../../domain/fold-usage.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Member } from '../../domain/member.ts';
import { STRANGER, type Standing, standingAt } from '../../domain/standing.ts';
import type { Calendar } from '../../rules/calendar.ts';
import { type Per, periodAt } from '../../rules/kinds/period.ts';
import type { RuleSet } from '../../rules/rule-set.ts';

/** How usage of a perk is counted by one or more versions. */
interface Way {
  readonly per: Per;
  readonly calendar: Calendar;
}

interface Stretch {
  readonly from: Instant;
  readonly until: Instant;
  readonly standing: Standing;
}

/**
 * Every way in which any question about this member can count usage of the perk: by the rules of all versions, at any instant.
 * Empty for a perk that no version counts.
 */
export function countingsOf(ruleSet: RuleSet, member: Member, perk: string): readonly Counting[] {
  const ways = waysOf(ruleSet, perk);
  const always = [{ from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY, standing: STRANGER }];
  const stretches = ways.some(followsTerms) ? stretchesOf(member, newest(ruleSet).rankOf) : always;
  return ways.flatMap((way) =>
    (followsTerms(way) ? stretches : always).map(({ from, until, standing }) => ({
      from,
      until,
      periodAt: (at: Instant) => periodAt(way.per, way.calendar, standing, at),
      supposedEnd:
        followsTerms(way) && standing.term === null
          ? (at: Instant) => addMonths(at, 1, way.calendar.month.timeZone)
          : null,
    })),
  );
}

function waysOf(ruleSet: RuleSet, perk: string): readonly Way[] {
  const ways = new Map<string, Way>();
  for (const { cards, calendar } of ruleSet.versions) {
    const per = cards.get(perk)?.kind.per;
    if (per === undefined) continue;
    const { month, day } = calendar;
    ways.set([per, month.startsOn, month.timeZone, day.timeZone].join(' '), { per, calendar });
  }
  return [...ways.values()];
}

function followsTerms({ per, calendar }: Way): boolean {
  return per === 'termMonth' || (per === 'month' && calendar.month.startsOn === 'subscriptionDay');
}

/** All of time, cut where another term or another chain begins to count. */
function stretchesOf(member: Member, rankOf: (tier: string) => number): readonly Stretch[] {
  const changes = [...new Set(member.terms.flatMap(({ startsAt, endsAt }) => [startsAt, endsAt]))].sort(
    (a, b) => a - b,
  );
  const stretches: Stretch[] = [];
  let open: { from: Instant; standing: Standing } = { from: Number.NEGATIVE_INFINITY, standing: STRANGER };
  for (const at of changes) {
    const standing = standingAt(member, at, rankOf);
    if (countsAlike(standing, open.standing)) continue;
    stretches.push({ ...open, until: at });
    open = { from: at, standing };
  }
  return [...stretches, { ...open, until: Number.POSITIVE_INFINITY }];
}

function countsAlike(a: Standing, b: Standing): boolean {
  return a.anchor === b.anchor && a.term?.startsAt === b.term?.startsAt;
}
