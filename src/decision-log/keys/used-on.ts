import type { Instant } from '../../domain/instant.ts';

const DAY = 86_400_000;

/**
 * For so many days a key is kept after the last day on which it was used: one more than entries are, because what is told at midnight may
 * still be hashed by what was read on the day before.
 */
export function keptFor(keepDays: number): number {
  return keepDays + 1;
}

/** A UTC day, counted from that of the instant 0. */
export function dayOf(at: Instant): number {
  return Math.floor(at / DAY);
}

export function startOf(day: number): Instant {
  return day * DAY;
}
