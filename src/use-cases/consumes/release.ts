import { type Caller, speaksFor } from '../../domain/caller.ts';
import { Problem } from '../../domain/problem.ts';
import { noneOf } from '../decisions/not-spoken-for.ts';
import { type Precondition, requirePrecondition } from '../members/precondition.ts';
import { reachable } from '../members/reachable.ts';
import type { Clock, MemberChange, MemberSnapshot, MemberStore } from '../ports.ts';
import { undoEffects } from './effects.ts';
import { forgetBefore } from './key-memory.ts';
import { ruleSetIdOf } from './remembered-answer.ts';

export interface ReleasePorts {
  readonly store: MemberStore;
  readonly clock: Clock;
}

export interface Release {
  readonly user: string;
  readonly key: string;
  /** How much was given back now: what the consume had recorded, as far as it is still there. */
  readonly released: number;
  /** It had been released before: nothing was changed now. */
  readonly alreadyReleased: boolean;
  readonly revision: number;
}

/** What is to be given back. */
export interface Attempted {
  readonly user: string;
  readonly key: string;
  /** Who gives back what was consumed by the rules that it speaks for, and nothing else. */
  readonly by: Caller;
}

/**
 * Gives back what a consume recorded: its usage is gone, its slots are free, and slots that it freed are filled again. Twice is a
 * no-op. Problems: `unknown_key` (never used, denied, or more than a day ago), `forbidden` (used by a rule set that the caller does not
 * speak for), `stale_revision`, `facts_unreachable`.
 */
export async function release(
  { store, clock }: ReleasePorts,
  attempted: Attempted,
  precondition?: Precondition,
): Promise<Release> {
  const now = clock.now();
  const { result } = await reachable(
    () =>
      store.update(attempted.user, (found) => releaseFrom(found, attempted, now, precondition), {
        key: attempted.key,
        forgetBefore: forgetBefore(now),
      }),
    'write',
  );
  return result;
}

function releaseFrom(
  { member, remembered }: MemberSnapshot,
  { user, key, by }: Attempted,
  now: number,
  precondition: Precondition | undefined,
): MemberChange<Release> {
  const field = '/idempotencyKey';
  if (remembered === undefined || member === undefined) {
    throw new Problem('unknown_key', `nothing is remembered under the idempotency key \`${key}\``, { field });
  }
  if (!speaksFor(by, ruleSetIdOf(remembered))) {
    throw noneOf(by, `the rule set that the idempotency key \`${key}\` was used with`, { field });
  }
  const { effects } = remembered;
  const { revision } = member;
  if (remembered.released) return { result: { user, key, released: 0, alreadyReleased: true, revision } };
  requirePrecondition(precondition, member);
  const undone = undoEffects(member, effects, key, now);
  return {
    result: { user, key, released: undone.amount, alreadyReleased: false, revision: revision + 1 },
    write: {
      member: undone.member,
      remember: { ...remembered, released: true },
    },
  };
}
