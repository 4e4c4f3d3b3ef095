import type { VersionRef } from '../../domain/decision.ts';
import type { Instant } from '../../domain/instant.ts';

export const DIRECTIONS = ['gain', 'lose'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** How many members have at least one thing that gets better, and at least one that gets worse. */
export interface GainLose {
  readonly gain: number;
  readonly lose: number;
}

/** INVARIANT: gain + lose + mixed + unchanged = members. In the parts, somebody who gains and loses is in both numbers. */
export interface Counts extends GainLose {
  readonly members: number;
  /** Who gains something and loses something else. */
  readonly mixed: number;
  readonly unchanged: number;
  /** Only perks and actions with a difference. */
  readonly perks: Readonly<Record<string, GainLose>>;
  readonly actions: Readonly<Record<string, GainLose>>;
  /** By the tier that the member has at that instant; empty for a rule set without tiers. */
  readonly tiers: Readonly<Record<string, GainLose & { readonly members: number }>>;
}

/** One member and one thing that changes for them. */
export interface Example {
  readonly user: string;
  readonly what: Direction;
  /** Absent where a check of `rules:` makes the difference. */
  readonly perk?: string;
  /** With an action, `from` and `to` are its answers; without, what the member has of the perk. */
  readonly action?: string;
  /** What was asked, where the action needs to be told. */
  readonly asked?: Readonly<Record<string, unknown>>;
  readonly from: unknown;
  readonly to: unknown;
}

export interface OverLimitExample {
  readonly user: string;
  readonly perk: string;
  readonly used: number;
  readonly limit: number;
}

/** Who has used or filled more than a limit that the candidate lowers. What is there stays; nothing can be added. */
export interface OverLimit {
  readonly members: number;
  readonly perks: Readonly<Record<string, number>>;
  readonly examples: readonly OverLimitExample[];
}

/** What a candidate would do to the members in the store. */
export interface Impact extends Counts {
  readonly candidate: VersionRef;
  /** The instant at which both sides are judged. */
  readonly at: Instant;
  /** When the candidate starts. Where that is after `at`, it is judged as if it had started then. */
  readonly startsAt: Instant;
  /** How many have a running term at `at`: nobody else has one to lose something of. */
  readonly running: number;
  /** Bounded: a few of each difference. */
  readonly examples: readonly Example[];
  readonly overLimit: OverLimit;
  /** Perks that are counted in another way than before: only what is left at `at` could be compared, and answers. */
  readonly recounted: readonly string[];
  /** For `nextTerm` and `whileSubscribed`: the same once the terms are over and begun anew. */
  readonly later?: Counts;
  /** Where that is before `at`: the same judged now, which is what publishing does. */
  readonly today?: Counts & { readonly at: Instant; readonly running: number };
  /** True where it was stopped before the last member. */
  readonly partial: boolean;
}

/** The share of the members who lose something, those who also gain among them. 0 without members. */
export function lossShare({ members, lose, mixed }: Pick<Counts, 'members' | 'lose' | 'mixed'>): number {
  return members === 0 ? 0 : (lose + mixed) / members;
}

export interface ImpactProgress {
  readonly done: number;
  readonly total: number;
}
