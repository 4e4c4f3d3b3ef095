import { isDeepStrictEqual } from 'node:util';
import { type Conflict, conflictsOf } from '../../domain/conflicts.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Member } from '../../domain/member.ts';
import { sizeOf } from '../../domain/member-size.ts';
import { Problem } from '../../domain/problem.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { forgetBefore } from '../consumes/key-memory.ts';
import { rankOfTier } from '../decisions/membership-rules.ts';
import type { Clock, MemberChange, MemberStore } from '../ports.ts';
import { foldMember } from './fold-member.ts';
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
  const written = await reachable(
    () =>
      store.update(
        id,
        ({ member }) => {
          requirePrecondition(precondition, member);
          return changed(book, member, change(member), now);
        },
        { forgetBefore: forgetBefore(now) },
      ),
    'write',
  );
  // Nothing is written only where the member was there and stayed the same.
  return { ...viewOf(book, written.member ?? written.result.member), created: written.result.created };
}

/** Beside the usage: far more than any member needs, and so little that a thousand of them can be held at once. */
const LARGEST = 1_048_576;
/** MongoDB holds a member with all that is remembered of it in one document of 16 MB. */
const LARGEST_USAGE = 4 * 1_048_576;

function requireSize(member: Member): void {
  const { rest, usage } = sizeOf(member);
  if (rest > LARGEST) {
    const message = `the member \`${member.id}\` would be about ${rest} bytes of JSON without its usage; ${LARGEST} are possible`;
    throw new Problem('invalid_member', message, { field: '' });
  }
  if (usage > LARGEST_USAGE) {
    const message = `the usage of the member \`${member.id}\` would be about ${usage} bytes of JSON; ${LARGEST_USAGE} are possible`;
    throw new Problem('invalid_member', message, { field: '/usage' });
  }
}

/** What is too large already may still be made smaller, step by step. */
function isNoLarger(member: Member, stored: Member): boolean {
  const now = sizeOf(member);
  const before = sizeOf(stored);
  return now.rest <= before.rest && now.usage <= before.usage;
}

function changed(
  book: RuleBook,
  stored: Member | undefined,
  next: Member,
  now: Instant,
): MemberChange<{ readonly member: Member; readonly created: boolean }> {
  const member = foldMember(book, next, now);
  if (stored === undefined || !isNoLarger(member, stored)) requireSize(member);
  const result = { member, created: stored === undefined };
  return stored !== undefined && isDeepStrictEqual(member, stored) ? { result } : { result, write: { member } };
}
