import { addMonths } from '../../domain/calendar.ts';
import { type Instant, parseInstant } from '../../domain/instant.ts';

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};
const MONTHS: Readonly<Record<string, number>> = { month: 1, year: 12 };

/** How a stretch of time is written, for messages. */
export const DURATION_FORM = '`10 days`, `1 month` or `1 ms`';
/** How an instant is written, for messages. */
export const INSTANT_FORM = '`2026-11-05`, `2026-11-05T10:00:00Z` or `1 ms before 2026-12-01`';

/** `10 days` moves an instant; undefined for what is no duration. `sign`: -1 for backwards. */
export function parseDuration(text: string, sign: 1 | -1 = 1): ((from: Instant) => Instant) | undefined {
  const match = /^(\d{1,6}) (ms|(?:second|minute|hour|day|week|month|year)s?)$/.exec(text.trim());
  if (match === null) return undefined;
  const amount = Number(match[1]) * sign;
  const written = match[2] ?? '';
  const name = written === 'ms' ? written : written.replace(/s$/, '');
  const length = UNITS[name];
  if (length !== undefined) return (from) => from + amount * length;
  const months = MONTHS[name];
  return months === undefined ? undefined : (from) => addMonths(from, amount * months, 'UTC');
}

/** An instant as scenarios write it; undefined for anything else, also for a day that does not exist. */
export function parseTime(text: string): Instant | undefined {
  const relative = /^(.+?) (before|after) (.+)$/.exec(text.trim());
  if (relative !== null) {
    const [, duration = '', direction, from = ''] = relative;
    const base = parseTime(from);
    return base === undefined ? undefined : parseDuration(duration, direction === 'before' ? -1 : 1)?.(base);
  }
  const day = /^\d{4}-\d\d-\d\d$/.test(text.trim());
  return parseInstant(day ? `${text.trim()}T00:00:00Z` : text.trim());
}

/** An instant as short as it can be said: `2026-12-01`, `2026-12-01 10:00`, `2026-11-30 23:59:59.999`. */
export function shortTime(instant: Instant): string {
  const text = new Date(instant).toISOString();
  const time = text
    .slice(11, 23)
    .replace(/\.000$/, '')
    .replace(/:00$/, '');
  return time === '00:00' ? text.slice(0, 10) : `${text.slice(0, 10)} ${time}`;
}
