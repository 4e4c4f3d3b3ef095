import type { Period } from './calendar.ts';
import { utcDay } from './calendar.ts';
import type { Instant } from './instant.ts';
import type { UsageEntry } from './member.ts';

const DAY = 86_400_000;
/** How many entries of one perk come back exactly as they were given. */
export const KEPT_AS_GIVEN = 1000;
/** Beyond so many old ones, what an answer supposes about a plan that nobody had may be rounded: see `foldUsage`. */
const KEPT_FOR_SUPPOSING = 10_000;
/** No remembered key is older: it is kept for its own UTC day and the next. */
export const KEY_FORGOTTEN_AFTER_MS = 2 * DAY;
/** Billing corrects a term within this. */
const FOLDED_AFTER_MS = 62 * DAY;
const FOLDED_BY_PERIOD_AFTER_MS = 400 * DAY;

/** Instants `from <= at < until` at which one perk is counted by the same periods. */
export interface Counting {
  readonly from: Instant;
  readonly until: Instant;
  /** The period that holds an instant; null where nothing is counted. */
  readonly periodAt: (at: Instant) => Period | null;
  /**
   * For `unlockedBy`, an answer without a running term supposes one that starts at the very instant that is asked for: the
   * end of its first month. Null where the periods do not depend on the terms.
   */
  readonly supposedEnd: ((at: Instant) => Instant) | null;
}

/**
 * Keeps the usage of one perk bounded. Up to 1,000 entries come back exactly as given. Above that, entries older than 62 days of the
 * same period and the same UTC day become one (the latest instant, the sum); if that is not enough, those older than 400 days of
 * the same period become one. Keys that nobody remembers any more are dropped, for they are most of what an entry takes.
 *
 * INVARIANT: no answer changes, for any `at`, past, present or future, under the terms and rules that `countings` were made from:
 * every period that any question can be counted by holds either all entries of a group or none. Nor does one about the present when
 * terms come or are corrected later, as long as they change nothing more than 62 days ago: what is younger is never folded.
 *
 * Limits. (1) A term that changes what was longer ago, or a version with other periods, can draw a boundary through a group; the
 * same UTC day keeps that error below a day for the last 400 days. (2) `unlockedBy` of somebody without a running term, asked
 * about an instant so long ago, depends on every single instant; it is exact up to 10,000 old entries of one perk. Beyond that bounded
 * size is worth more.
 */
export function foldUsage(
  entries: readonly UsageEntry[],
  countings: () => readonly Counting[],
  now: Instant,
): readonly UsageEntry[] {
  if (entries.length <= KEPT_AS_GIVEN) return entries;
  const sorted = inOrder(entries);
  const young = indexFrom(sorted, now - FOLDED_AFTER_MS);
  const old = sorted.slice(0, young);
  const folded = mayFold(old) ? foldOld(old, sorted.length - young, countings(), now) : old;
  const isShorter = folded.length < old.length;
  return withoutOldKeys(isShorter ? [...folded, ...sorted.slice(young)] : entries, now - KEY_FORGOTTEN_AFTER_MS);
}

/** Neighbours on one UTC day; those of one period lie closer than a month, so without such there is nothing to fold. */
function mayFold(old: readonly UsageEntry[]): boolean {
  return old.some(({ at }, i) => i > 0 && at - (old[i - 1]?.at ?? 0) < 31 * DAY);
}

function foldOld(
  old: readonly UsageEntry[],
  others: number,
  countings: readonly Counting[],
  now: Instant,
): readonly UsageEntry[] {
  if (countings.length === 0) return old;
  const exact = foldSorted(old, others, countings, now, true);
  return exact.length <= KEPT_FOR_SUPPOSING ? exact : foldSorted(exact, others, countings, now, false);
}

function foldSorted(
  old: readonly UsageEntry[],
  others: number,
  countings: readonly Counting[],
  now: Instant,
  supposing: boolean,
): readonly UsageEntry[] {
  const byDay = merge(old, boundaries(old, countings, supposing), now - FOLDED_AFTER_MS, true);
  const byPeriodBefore = now - FOLDED_BY_PERIOD_AFTER_MS;
  if (byDay.length + others <= KEPT_AS_GIVEN || indexFrom(byDay, byPeriodBefore) < 2) return byDay;
  return merge(byDay, boundaries(byDay, countings, supposing), byPeriodBefore, false);
}

/** As they are where they are in order already, as those are that this has sorted before. */
function inOrder(entries: readonly UsageEntry[]): readonly UsageEntry[] {
  const isSorted = entries.every(({ at }, i) => i === 0 || (entries[i - 1]?.at ?? 0) <= at);
  return isSorted ? entries : [...entries].sort((a, b) => a.at - b.at);
}

function withoutOldKeys(entries: readonly UsageEntry[], before: Instant): readonly UsageEntry[] {
  const hasOldKey = ({ at, key }: UsageEntry) => key !== undefined && at < before;
  if (!entries.some(hasOldKey)) return entries;
  return entries.map((entry) => (hasOldKey(entry) ? { at: entry.at, amount: entry.amount } : entry));
}

/** Merges neighbours that are older than `before` and that no boundary keeps apart. */
function merge(
  sorted: readonly UsageEntry[],
  apart: Uint8Array,
  before: Instant,
  sameDay: boolean,
): readonly UsageEntry[] {
  const merged: UsageEntry[] = [];
  let last: UsageEntry | undefined;
  let lastDay = '';
  sorted.forEach((entry, i) => {
    const day = sameDay && entry.at < before ? utcDay(entry.at) : '';
    if (last !== undefined && apart[i] === 0 && entry.at < before && day === lastDay) {
      last = { at: entry.at, amount: last.amount + entry.amount };
      merged[merged.length - 1] = last;
    } else {
      last = entry;
      merged.push(entry);
    }
    lastDay = day;
  });
  return merged;
}

/** `apart[i]`: some period begins or ends between entry i - 1 (not included) and entry i (included). */
function boundaries(sorted: readonly UsageEntry[], countings: readonly Counting[], supposing: boolean): Uint8Array {
  const apart = new Uint8Array(sorted.length + 1);
  for (const counting of countings) {
    markPeriods(sorted, counting, apart);
    if (supposing) markSupposed(sorted, counting, apart);
  }
  return apart;
}

function markPeriods(sorted: readonly UsageEntry[], { from, until, periodAt }: Counting, apart: Uint8Array): void {
  // The first period asked about may begin before `from`, the last one end after `until`.
  const first = Number.isFinite(from) ? periodAt(from) : undefined;
  const last = Number.isFinite(until) ? periodAt(until - 1) : undefined;
  if (first === null || last === null) return;
  const end = last === undefined ? sorted.length : indexFrom(sorted, last.end);
  let i = first === undefined ? 0 : indexFrom(sorted, first.start);
  while (i < end) {
    apart[i] = 1;
    const entry = sorted[i];
    const period = entry === undefined ? null : periodAt(entry.at);
    if (period === null) return;
    i = indexFrom(sorted, period.end);
  }
  apart[i] = 1;
}

/** A supposed term may start at any instant of the stretch: so every instant of it, and each a month later, is a boundary. */
function markSupposed(sorted: readonly UsageEntry[], { from, until, supposedEnd }: Counting, apart: Uint8Array): void {
  if (supposedEnd === null) return;
  markAll(sorted, from, until, apart);
  markAll(
    sorted,
    Number.isFinite(from) ? supposedEnd(from) : from,
    Number.isFinite(until) ? supposedEnd(until) : until,
    apart,
  );
}

function markAll(sorted: readonly UsageEntry[], from: Instant, until: Instant, apart: Uint8Array): void {
  for (let i = Math.max(1, indexFrom(sorted, from)); i < sorted.length; i++) {
    const before = sorted[i - 1]?.at ?? 0;
    if (before >= until) return;
    // Entries of the very same instant are never told apart.
    if (sorted[i]?.at !== before) apart[i] = 1;
  }
}

/** The index of the first entry at `at` or later. */
function indexFrom(sorted: readonly UsageEntry[], at: Instant): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
