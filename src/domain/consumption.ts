import type { Instant } from './instant.ts';

/** What an allowed consume does to the member's facts. */
export type Effect =
  | { readonly kind: 'usage'; readonly perk: string; readonly at: Instant; readonly amount: number }
  | { readonly kind: 'holding'; readonly holding: string; readonly delta: number };

/**
 * An idempotency key that has been used. Kept for at least 24 hours, beside the member and written in the same atomic
 * step as the effects, so that the same call made twice is one consume.
 */
export interface RememberedKey {
  readonly key: string;
  /** The UTC day of its first use, as in `Member.keyDays`. */
  readonly day: string;
  /** What was asked, as the rules of then understood it (rule set, action, input with its defaults, resource, amount). */
  readonly fingerprint: string;
  /** The same as it was sent, which no change of the rules touches. Absent in what was remembered before there was this form. */
  readonly sent?: string;
  readonly effects: readonly Effect[];
  readonly released: boolean;
  /** The first answer, as JSON text. */
  readonly answer: string;
  /** The one that the write of this made: set by the store, which alone knows it. */
  readonly revision?: number;
}
