import { anchoredMonth, calendarDay, calendarMonth, type Period } from '../../domain/calendar.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Member } from '../../domain/member.ts';
import type { Standing } from '../../domain/standing.ts';
import type { Calendar } from '../calendar.ts';

export const PERIODS = ['termMonth', 'month', 'day'] as const;
/** `termMonth`: from the running term's start; `month`: of the chain, by `calendar.month`; `day`: by `calendar.day`. */
export type Per = (typeof PERIODS)[number];

/** A period as it is read after a number. */
export const UNITS: Readonly<Record<Per, string>> = { termMonth: 'a month', month: 'a month', day: 'a day' };

/**
 * The period that holds `at`. Null for `termMonth` without a running term. A subscription month needs a subscription:
 * who never had one is counted by the calendar month.
 */
export function periodAt(per: Per, calendar: Calendar, standing: Standing, at: Instant): Period | null {
  switch (per) {
    case 'day':
      return calendarDay(at, calendar.day.timeZone);
    case 'month':
      return calendar.month.startsOn === 'subscriptionDay' && standing.anchor !== null
        ? anchoredMonth(standing.anchor, at, calendar.month.timeZone)
        : calendarMonth(at, calendar.month.timeZone);
    case 'termMonth':
      return standing.term === null ? null : anchoredMonth(standing.term.startsAt, at, calendar.month.timeZone);
  }
}

/** All that is recorded in the period, also what lies later than now. */
export function usedIn(period: Period | null, member: Member | undefined, perk: string): number {
  const entries = member?.usage[perk];
  if (period === null || entries === undefined) return 0;
  let used = 0;
  for (const entry of entries) if (entry.at >= period.start && entry.at < period.end) used += entry.amount;
  return used;
}

/** Whether anything is recorded in the period, whatever its amount: then a grant is claimed. */
export function hasEntryIn(period: Period | null, member: Member | undefined, perk: string): boolean {
  const entries = member?.usage[perk];
  if (period === null || entries === undefined) return false;
  return entries.some((entry) => entry.at >= period.start && entry.at < period.end);
}
