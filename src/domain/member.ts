import type { Instant } from './instant.ts';

export const CHANNELS = ['web', 'ios', 'android'] as const;
export type Channel = (typeof CHANNELS)[number];

/** A paid stretch of membership. It runs while `startsAt <= t < endsAt`: the end is exclusive. */
export interface Term {
  readonly id?: string;
  readonly tier: string;
  readonly channel: Channel;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  /** When it was cancelled. Never gates a perk: a cancelled term runs until `endsAt`. */
  readonly cancelledAt?: Instant;
  readonly autoRenew?: boolean;
}

/** One recorded use of a quota, or one claim of a grant. */
export interface UsageEntry {
  readonly at: Instant;
  readonly amount: number;
  /** The idempotency key of the consume that recorded it. */
  readonly key?: string;
}

/** Something on top of the plan, given to one member for a while; `from <= t < until`, open where absent. */
export interface Extra {
  readonly perk: string;
  readonly amount: number;
  readonly from?: Instant;
  readonly until?: Instant;
  readonly note?: string;
}

export type Scalar = string | number | boolean | null;
export type Attribute = Scalar | readonly Scalar[];

/** What is known about one user. One document in every store; `revision` grows by one with each write. */
export interface Member {
  readonly id: string;
  readonly revision: number;
  readonly terms: readonly Term[];
  readonly usage: Readonly<Record<string, readonly UsageEntry[]>>;
  readonly holdings: Readonly<Record<string, number>>;
  readonly extras: readonly Extra[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** How many idempotency keys are remembered, by the UTC day (`2026-11-22`) on which they were first used. */
  readonly keyDays: Readonly<Record<string, number>>;
}

/** A member about whom nothing is known yet: what an unknown user is judged by, and what the first write starts from. */
export function newMember(id: string): Member {
  return { id, revision: 0, terms: [], usage: {}, holdings: {}, extras: [], attributes: {}, keyDays: {} };
}
