import type { Member } from '../../domain/member.ts';
import { Problem } from '../../domain/problem.ts';

/** What a write is allowed to find: `If-Match`, `If-None-Match`, or the revision in its body. `revision` is 0 where nothing is stored. */
export interface Precondition {
  holds(revision: number): boolean;
  /** What to do where it does not hold; reading the member again where absent. */
  readonly advice?: string;
}

/** The member must be there; with a number, at exactly this revision. */
export function expecting(expected: number | '*'): Precondition {
  return { holds: (revision) => revision > 0 && (expected === '*' || revision === expected) };
}

/** Exactly this revision; 0: not there yet. */
export function atRevision(expected: number): Precondition {
  return { holds: (revision) => revision === expected };
}

/** The member must not be there yet. */
export const MUST_NOT_EXIST: Precondition = {
  holds: (revision) => revision === 0,
  advice: 'leave `If-None-Match` out to change it',
};

/** All of them must hold. */
export function allOf(preconditions: readonly (Precondition | undefined)[]): Precondition | undefined {
  const given = preconditions.flatMap((each) => each ?? []);
  const [first, ...others] = given;
  return first === undefined || others.length === 0
    ? first
    : { holds: (revision) => given.every((each) => each.holds(revision)) };
}

/** Throws `stale_revision` (412): somebody else has written since. Checked inside the atomic step, never before it. */
export function requirePrecondition(precondition: Precondition | undefined, member: Member | undefined): void {
  const revision = member?.revision ?? 0;
  if (precondition === undefined || precondition.holds(revision)) return;
  const found = member === undefined ? 'the member does not exist' : `the member is at revision ${revision}`;
  throw new Problem('stale_revision', `${found}; ${precondition.advice ?? 'read it again and repeat the change'}`);
}
