import type { RuleBook } from '../../rules/rule-set.ts';
import { foldMember } from './fold-member.ts';
import { type Precondition, requirePrecondition } from './precondition.ts';
import { reachable } from './reachable.ts';
import { type MemberPorts, type MemberView, viewOf } from './write-member.ts';

/** What is left of the member; null where there is none. */
export interface TermDeleted {
  readonly existed: boolean;
  readonly view: MemberView | null;
}

/**
 * Takes one term away. Idempotent: a term, or a member, that is not there is no problem and creates nothing.
 * Problems: `stale_revision`, `facts_unreachable`.
 */
export async function deleteTerm(
  { store, clock }: MemberPorts,
  book: RuleBook,
  id: string,
  termId: string,
  precondition?: Precondition,
): Promise<TermDeleted> {
  const now = clock.now();
  const { result, member } = await reachable(
    () =>
      store.update(id, ({ member: stored }) => {
        requirePrecondition(precondition, stored);
        const terms = stored?.terms.filter((term) => term.id !== termId) ?? [];
        if (stored === undefined || terms.length === stored.terms.length) return { result: { existed: false, stored } };
        return { result: { existed: true, stored }, write: { member: foldMember(book, { ...stored, terms }, now) } };
      }),
    'write',
  );
  const left = member ?? result.stored;
  return { existed: result.existed, view: left === undefined ? null : viewOf(book, left) };
}
