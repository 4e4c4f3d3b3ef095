import type { MemberChange, MemberStore } from '../ports.ts';
import { type Precondition, requirePrecondition } from './precondition.ts';
import { reachable } from './reachable.ts';

export interface MemberDeleted {
  readonly existed: boolean;
}

/**
 * Forgets a member and the keys remembered for it. One that is not there is no problem: it is gone, as asked.
 * Answers whether it was there. Problems: `stale_revision`, `facts_unreachable`.
 */
export async function deleteMember(
  { store }: { readonly store: MemberStore },
  id: string,
  precondition?: Precondition,
): Promise<MemberDeleted> {
  const { result } = await reachable(
    () =>
      store.update(id, ({ member }): MemberChange<MemberDeleted> => {
        requirePrecondition(precondition, member);
        const existed = member !== undefined;
        return existed ? { result: { existed }, write: { member: undefined } } : { result: { existed } };
      }),
    'write',
  );
  return result;
}
