/** Milliseconds since 1970-01-01T00:00:00Z. The only form of an instant inside the program; text exists at the edges. */
export type Instant = number;

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

const FIRST: Instant = -62_167_219_200_000;
const LAST: Instant = 253_402_300_799_999;

/**
 * An RFC 3339 instant with a zone as epoch milliseconds; finer fractions are cut off.
 * `undefined` for anything else: no zone, an impossible date (30 February), a leap second.
 */
export function parseInstant(text: string): Instant | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', sign, zoneHour = '0', zoneMinute = '0'] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (Number(zoneHour) > 23 || Number(zoneMinute) > 59) return undefined;
  // setUTCFullYear, because Date.UTC takes the years 0 to 99 for 1900 to 1999.
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  date.setUTCHours(Number(hour), Number(minute), Number(second), Number(fraction.slice(0, 3).padEnd(3, '0')));
  const offset = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000;
  const instant = date.getTime() - (sign === '-' ? -offset : offset);
  // A zone can push the first and the last hours that four digits can say beyond what they can say in UTC.
  return instant < FIRST || instant > LAST ? undefined : instant;
}

/** The same, or a plain day: its beginning in UTC. */
export function parseInstantOrDay(text: string): Instant | undefined {
  return parseInstant(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
}

/** What a text that is no instant was probably meant to be: a plain day its beginning, a time without a zone one in UTC. */
export function meantInstant(text: string): string | undefined {
  const [, day, time = '00:00', seconds = ':00'] =
    /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(:\d\d)?[Zz]?)?$/.exec(text.trim()) ?? [];
  const meant = `${day}T${time}${seconds}Z`;
  return parseInstant(meant) === undefined ? undefined : meant;
}

/** UTC with milliseconds, the form of every instant in an answer. Beyond the year 9999, which RFC 3339 cannot say, its end. */
export function formatInstant(instant: Instant): string {
  return new Date(Math.min(instant, LAST)).toISOString();
}
