import { utcDay } from '../../domain/calendar.ts';
import type { RememberedKey } from '../../domain/consumption.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Member } from '../../domain/member.ts';
import { Problem } from '../../domain/problem.ts';

const DAY_MS = 86_400_000;
const BYTES_PER_EFFECT = 100;

/** More than a person does in a day; whoever does more says it in one `amount`. */
export const KEYS_PER_DAY = 1000;

/** Keys first used before this day are forgotten. A key is kept for its own UTC day and the whole next one: at least 24 hours. */
export function forgetBefore(now: Instant): string {
  return utcDay(now - DAY_MS);
}

/** One key may take so much room, its answer included; what takes more counts as several. Ordinary answers take less than half of it. */
const BYTES_PER_KEY = 2048;

/**
 * The days of the member with one more key on the day of `now`. All that is remembered about a member lies in one document in some
 * stores, so the day has a budget of room, not of keys alone. Throws `too_many_keys` when it is spent.
 */
export function withOneMoreKey({ keyDays }: Member, remembered: RememberedKey, now: Instant): Member['keyDays'] {
  const day = utcDay(now);
  const count = (keyDays[day] ?? 0) + Math.ceil(bytesOf(remembered) / BYTES_PER_KEY);
  if (count > KEYS_PER_DAY) {
    const retryAfter = Math.ceil((DAY_MS - (now - Math.floor(now / DAY_MS) * DAY_MS)) / 1000);
    const message =
      `as many idempotency keys as are remembered for one member and day (${KEYS_PER_DAY}; one with a long answer counts as ` +
      'several) have been used today; bundle more into one `amount`';
    throw new Problem('too_many_keys', message, { field: '/idempotencyKey', retryAfter });
  }
  return { ...keyDays, [day]: count };
}

function bytesOf({ key, answer, effects }: RememberedKey): number {
  return Buffer.byteLength(key) + Buffer.byteLength(answer) + effects.length * BYTES_PER_EFFECT;
}
