import { Problem } from '../../domain/problem.ts';
import { type Precondition, requirePrecondition } from '../members/precondition.ts';
import { reachable } from '../members/reachable.ts';
import type { Clock, MemberChange, MemberSnapshot, MemberStore } from '../ports.ts';
import { undoEffects } from './effects.ts';
import { forgetBefore } from './key-memory.ts';

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

/**
 * Gives back what a consume recorded: its usage is gone, its slots are free, and slots that it freed are filled again. Twice is a
 * no-op. Problems: `unknown_key` (never used, denied, or more than a day ago), `stale_revision`, `facts_unreachable`.
 */
export async function release(
  { store, clock }: ReleasePorts,
  { user, key }: { readonly user: string; readonly key: string },
  precondition?: Precondition,
): Promise<Release> {
  const now = clock.now();
  const { result } = await reachable(() =>
    store.update(user, (found) => releaseFrom(found, user, key, now, precondition), {
      key,
      forgetBefore: forgetBefore(now),
    }),
  );
  return result;
}

function releaseFrom(
  { member, remembered }: MemberSnapshot,
  user: string,
  key: string,
  now: number,
  precondition: Precondition | undefined,
): MemberChange<Release> {
  if (remembered === undefined || member === undefined) {
    throw new Problem('unknown_key', `nothing is remembered under the idempotency key \`${key}\``, {
      field: '/idempotencyKey',
    });
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
