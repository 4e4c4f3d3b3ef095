import { utcDay } from '../domain/calendar.ts';
import type { Instant } from '../domain/instant.ts';
import type { Member } from '../domain/member.ts';
import { Problem } from '../domain/problem.ts';

const DAY_MS = 86_400_000;

/** More than a person does in a day; whoever does more says it in one `amount`. */
export const KEYS_PER_DAY = 1000;

/** Keys first used before this day are forgotten. A key is kept for its own UTC day and the whole next one: at least 24 hours. */
export function forgetBefore(now: Instant): string {
  return utcDay(now - DAY_MS);
}

/** The days of the member with one more key on the day of `now`. Throws `too_many_keys` when the day is full. */
export function withOneMoreKey({ keyDays }: Member, now: Instant): Member['keyDays'] {
  const day = utcDay(now);
  const count = keyDays[day] ?? 0;
  if (count >= KEYS_PER_DAY) {
    const retryAfter = Math.ceil((DAY_MS - (now - Math.floor(now / DAY_MS) * DAY_MS)) / 1000);
    const message = `${KEYS_PER_DAY} idempotency keys have been used for this member today; bundle more into one \`amount\``;
    throw new Problem('too_many_keys', message, { field: '/idempotencyKey', retryAfter });
  }
  return { ...keyDays, [day]: count + 1 };
}
