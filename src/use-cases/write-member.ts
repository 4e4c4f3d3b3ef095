import { isDeepStrictEqual } from 'node:util';
import { type Conflict, conflictsOf } from '../domain/conflicts.ts';
import type { Instant } from '../domain/instant.ts';
import type { Member } from '../domain/member.ts';
import type { RuleBook } from '../rules/rule-set.ts';
import { foldMember } from './fold-member.ts';
import { forgetBefore } from './key-memory.ts';
import { rankOfTier } from './membership-rules.ts';
import type { Clock, MemberChange, MemberStore } from './ports.ts';
import { type Precondition, requirePrecondition } from './precondition.ts';
import { reachable } from './reachable.ts';

export interface MemberPorts {
  readonly store: MemberStore;
  readonly clock: Clock;
}

/** A member with the terms that overlap. */
export interface MemberView {
  readonly member: Member;
  readonly conflicts: readonly Conflict[];
}

export interface MemberWritten extends MemberView {
  readonly created: boolean;
}

export function viewOf(book: RuleBook, member: Member): MemberView {
  return { member, conflicts: conflictsOf(member.terms, rankOfTier(book)) };
}

/** One atomic step: `change` makes the new member of the stored one. A member that comes out as it was gets no new revision. */
export async function writeMember(
  { store, clock }: MemberPorts,
  book: RuleBook,
  id: string,
  precondition: Precondition | undefined,
  change: (stored: Member | undefined) => Member,
): Promise<MemberWritten> {
  const now = clock.now();
  const written = await reachable(() =>
    store.update(
      id,
      ({ member }) => {
        requirePrecondition(precondition, member);
        return changed(book, member, change(member), now);
      },
      { forgetBefore: forgetBefore(now) },
    ),
  );
  // Nothing is written only where the member was there and stayed the same.
  return { ...viewOf(book, written.member ?? written.result.member), created: written.result.created };
}

function changed(
  book: RuleBook,
  stored: Member | undefined,
  next: Member,
  now: Instant,
): MemberChange<{ readonly member: Member; readonly created: boolean }> {
  const member = foldMember(book, next, now);
  const result = { member, created: stored === undefined };
  return stored !== undefined && isDeepStrictEqual(member, stored) ? { result } : { result, write: { member } };
}
