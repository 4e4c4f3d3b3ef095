import { Problem } from '../domain/problem.ts';
import { consumedBy, undoEffects } from './effects.ts';
import { forgetBefore } from './key-memory.ts';
import type { Clock, MemberChange, MemberSnapshot, MemberStore } from './ports.ts';
import { reachable } from './reachable.ts';

export interface ReleasePorts {
  readonly store: MemberStore;
  readonly clock: Clock;
}

export interface Release {
  readonly user: string;
  readonly key: string;
  /** How much the consume had recorded, and so how much is given back. */
  readonly released: number;
  /** It had been released before: nothing was changed now. */
  readonly alreadyReleased: boolean;
  readonly revision: number;
}

/**
 * Gives back what a consume recorded: its usage is gone, its slots are free, and slots that it freed are filled again. Twice is a
 * no-op. Problems: `unknown_key` (never used, denied, or more than a day ago), `facts_unreachable`.
 */
export async function release(
  { store, clock }: ReleasePorts,
  { user, key }: { readonly user: string; readonly key: string },
): Promise<Release> {
  const now = clock.now();
  const { result } = await reachable(() =>
    store.update(user, (found) => releaseFrom(found, user, key, now), { key, forgetBefore: forgetBefore(now) }),
  );
  return result;
}

function releaseFrom(
  { member, remembered }: MemberSnapshot,
  user: string,
  key: string,
  now: number,
): MemberChange<Release> {
  if (remembered === undefined || member === undefined) {
    throw new Problem('unknown_key', `nothing is remembered under the idempotency key \`${key}\``, {
      field: '/idempotencyKey',
    });
  }
  const { effects } = remembered;
  const { revision } = member;
  const answer = { user, key, released: consumedBy(effects) };
  if (remembered.released) return { result: { ...answer, alreadyReleased: true, revision } };
  return {
    result: { ...answer, alreadyReleased: false, revision: revision + 1 },
    write: {
      member: undoEffects(member, effects, key, now),
      remember: { ...remembered, released: true },
    },
  };
}
