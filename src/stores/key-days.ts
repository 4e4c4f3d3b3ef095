/** The days of `keyDays` (`2026-11-22`: text order is time order) that lie before `forgetBefore`. */
export function hasDaysBefore(keyDays: Readonly<Record<string, number>>, forgetBefore: string | undefined): boolean {
  return forgetBefore !== undefined && Object.keys(keyDays).some((day) => day < forgetBefore);
}

/** `keyDays` without the days before `forgetBefore`; the same object when there are none. */
export function withoutDaysBefore(
  keyDays: Readonly<Record<string, number>>,
  forgetBefore: string | undefined,
): Readonly<Record<string, number>> {
  if (forgetBefore === undefined || !hasDaysBefore(keyDays, forgetBefore)) return keyDays;
  return Object.fromEntries(Object.entries(keyDays).filter(([day]) => day >= forgetBefore));
}
