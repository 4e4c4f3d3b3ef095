import type { Effect } from './consumption.ts';
import type { Instant } from './instant.ts';
import type { PerkValues } from './perk.ts';

/** `none`: never a term; `upcoming`: only future ones; `unknown`: the facts could not be read. */
export type Membership = 'none' | 'upcoming' | 'active' | 'ended' | 'unknown';

export interface Reason {
  readonly code: string;
  /** The perk that denied, or null when a check of `rules:` did, or the facts. */
  readonly perk: string | null;
  /** The gate that did not hold: `loras_per_generation.limit_exceeded`. */
  readonly gate: string;
  /** The rule file's own words for it, placeholders and all; null where it has none. */
  readonly says: string | null;
  /** What the perk, or for a check the action, is called. */
  readonly title: string;
}

/** The version of a rule set that made a decision. */
export interface VersionRef {
  readonly id: string;
  readonly version: number;
  readonly digest: string;
}

/** What `decide` returns: numbers and epoch milliseconds. Ids, texts and messages are made at the edge. */
export interface Decision {
  readonly allowed: boolean;
  /** Why not; null on an allow. */
  readonly reason: Reason | null;
  /** The tier that judged; null for a rule set without tiers or when the facts could not be read. */
  readonly tier: string | null;
  readonly membership: Membership | null;
  /** Every perk that took part, up to and including the first that denied. */
  readonly values: Readonly<Record<string, PerkValues>>;
  /** What the rule set's `answers` say, by key. */
  readonly answers: Readonly<Record<string, unknown>> | null;
  readonly unlockedBy: string | null;
  /** For every t in [at, validUntil) the answer is the same, as long as no fact changes. null: nothing can change it. */
  readonly validUntil: Instant | null;
  readonly judgedBy: VersionRef;
  /** The perks in `values` that other versions judged, each with the versions whose numbers counted; null where none were. */
  readonly mixed: Readonly<Record<string, readonly number[]>> | null;
  readonly degraded: boolean;
  /** What a consume of this question records. Empty on a denial. */
  readonly effects: readonly Effect[];
  /** For the messages of denials: when the running chain of terms ends, and when the last one did for whom it has. */
  readonly endsAt: Instant | null;
  readonly endedAt: Instant | null;
}
