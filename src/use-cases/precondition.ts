import type { Member } from '../domain/member.ts';
import { Problem } from '../domain/problem.ts';

/** What a write is allowed to find: `If-Match` and `If-None-Match`. `revision` is 0 where nothing is stored. */
export interface Precondition {
  holds(revision: number): boolean;
}

/** The member must be there; with a number, at exactly this revision. */
export function expecting(expected: number | '*'): Precondition {
  return { holds: (revision) => revision > 0 && (expected === '*' || revision === expected) };
}

/** The member must not be there yet. */
export const MUST_NOT_EXIST: Precondition = { holds: (revision) => revision === 0 };

/** Throws `stale_revision` (412): somebody else has written since. Checked inside the atomic step, never before it. */
export function requirePrecondition(precondition: Precondition | undefined, member: Member | undefined): void {
  const revision = member?.revision ?? 0;
  if (precondition === undefined || precondition.holds(revision)) return;
  const found = member === undefined ? 'the member does not exist' : `the member is at revision ${revision}`;
  throw new Problem('stale_revision', `${found}; read it again and repeat the change`);
}
