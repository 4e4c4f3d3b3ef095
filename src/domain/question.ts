import type { Instant } from './instant.ts';

/** A resource as the caller describes it. `properties` are the caller's claims. */
export interface ResourceClaim {
  readonly type: string;
  readonly id: string | null;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Who asks, as the caller describes it. Only subjects of type `user` are members. */
export interface SubjectClaim {
  readonly type: string;
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * A question that has been checked: the action exists, every input is there (defaults filled in) and of its type.
 * The instant it is asked for is no part of it: `decide` takes that as `now`.
 */
export interface Question {
  readonly subject: SubjectClaim;
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly resource: ResourceClaim | null;
  readonly context: Readonly<Record<string, unknown>>;
  /** How many at once; a whole number of at least 1. */
  readonly amount: number;
}

export type Detail = 'full' | 'brief';

/**
 * A question as it came, before any rules were asked what it means: its action may not exist, the inputs are those that were sent,
 * and no rule set need be named.
 */
export interface SentQuestion extends Omit<CheckedQuestion, 'ruleSetId'> {
  readonly ruleSetId: string | undefined;
}

/** A question with what the caller wants of the answer. */
export interface CheckedQuestion {
  readonly question: Question;
  readonly ruleSetId: string;
  readonly at: Instant | undefined;
  readonly minRevision: number | undefined;
  readonly detail: Detail;
}
