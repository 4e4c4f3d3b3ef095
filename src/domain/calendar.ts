import { Temporal } from 'temporal-polyfill';
import type { Instant } from './instant.ts';

/** A stretch of time, `start <= t < end`. */
export interface Period {
  readonly start: Instant;
  readonly end: Instant;
}

const DAY = 86_400_000;

/** Whether the runtime knows this IANA time zone. */
export function isTimeZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

/**
 * `anchor` plus `months` calendar months in `zone`: always from the original anchor, clamped to the last day of a shorter
 * month (31 January, 28 February, 31 March). The local time of day stays, also across a change to daylight saving; one
 * that does not exist on that day is moved forward.
 */
export function addMonths(anchor: Instant, months: number, zone: string): Instant {
  return zone === 'UTC' ? addMonthsUtc(anchor, months) : addMonthsIn(anchor, months, zone);
}

function addMonthsUtc(anchor: Instant, months: number): Instant {
  const date = new Date(anchor);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  const lastDay = new Date(new Date(date).setUTCMonth(date.getUTCMonth() + 1, 0));
  date.setUTCDate(Math.min(day, lastDay.getUTCDate()));
  return date.getTime();
}

function addMonthsIn(anchor: Instant, months: number, zone: string): Instant {
  return Temporal.Instant.fromEpochMilliseconds(anchor)
    .toZonedDateTimeISO(zone)
    .add({ months }, { overflow: 'constrain' }).epochMilliseconds;
}

/** The month of `anchor` plus n that holds `at`. `at` may lie before the anchor. */
export function anchoredMonth(anchor: Instant, at: Instant, zone: string): Period {
  return remembered(monthsByZone, zone, anchor, at, findAnchoredMonth);
}

function findAnchoredMonth(zone: string, anchor: Instant, at: Instant): Period {
  const from = new Date(anchor);
  const to = new Date(at);
  let n = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  // The estimate by UTC months is off by one where the day of the month or the zone says so.
  let start = addMonths(anchor, n, zone);
  while (start > at) start = addMonths(anchor, --n, zone);
  for (;;) {
    const end = addMonths(anchor, n + 1, zone);
    if (at < end) return { start, end };
    start = end;
    n++;
  }
}

/** The calendar month in `zone` that holds `at`. */
export function calendarMonth(at: Instant, zone: string): Period {
  return remembered(calendarMonths, zone, 0, at, findCalendarMonth);
}

function findCalendarMonth(zone: string, _anchor: Instant, at: Instant): Period {
  const first = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().with({ day: 1 });
  return {
    start: startOfDay(first, zone),
    end: startOfDay(first.add({ months: 1 }), zone),
  };
}

/** The calendar day in `zone` that holds `at`: 23 or 25 hours long where the clocks change. */
export function calendarDay(at: Instant, zone: string): Period {
  if (zone === 'UTC') {
    const start = Math.floor(at / DAY) * DAY;
    return { start, end: start + DAY };
  }
  return remembered(days, zone, 0, at, findCalendarDay);
}

function findCalendarDay(zone: string, _anchor: Instant, at: Instant): Period {
  const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  return { start: startOfDay(day, zone), end: startOfDay(day.add({ days: 1 }), zone) };
}

function startOfDay(date: Temporal.PlainDate, zone: string): Instant {
  return date.toZonedDateTime(zone).epochMilliseconds;
}

/** The UTC day as text, `2026-11-22`. */
export function utcDay(at: Instant): string {
  return new Date(at).toISOString().slice(0, 10);
}

/**
 * Most questions are asked about the present, so the period found last for an anchor is nearly always the right one again.
 * Bounded: when a table is full it is emptied. INVARIANT: a pure function's results, so forgetting is always safe.
 */
type Memory = Map<string, Map<Instant, Period>>;
const MEMORY_LIMIT = 10_000;
const monthsByZone: Memory = new Map();
const calendarMonths: Memory = new Map();
const days: Memory = new Map();

function remembered(
  memory: Memory,
  zone: string,
  anchor: Instant,
  at: Instant,
  find: (zone: string, anchor: Instant, at: Instant) => Period,
): Period {
  const byAnchor = memory.get(zone) ?? new Map<Instant, Period>();
  memory.set(zone, byAnchor);
  const known = byAnchor.get(anchor);
  if (known !== undefined && known.start <= at && at < known.end) return known;
  if (byAnchor.size >= MEMORY_LIMIT) byAnchor.clear();
  const period = find(zone, anchor, at);
  byAnchor.set(anchor, period);
  return period;
}
