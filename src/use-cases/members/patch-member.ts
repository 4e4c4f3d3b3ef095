import { type Member, newMember } from '../../domain/member.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { checkVocabulary } from './check-vocabulary.ts';
import type { MemberFields } from './member-fields.ts';
import type { Precondition } from './precondition.ts';
import { type MemberPorts, type MemberWritten, writeMember } from './write-member.ts';

/**
 * Changes parts of a member. `patch` is pure and makes the fields of the stored member (the merge happens on the wire form, so
 * the edge brings it) that change; what it leaves out stays. An unknown member is created, as by `putMember`: facts from different
 * services come in any order.
 * Problems: those of `patch`, `invalid_member`, `stale_revision`, `facts_unreachable`.
 */
export function patchMember(
  ports: MemberPorts,
  book: RuleBook,
  id: string,
  patch: (member: Member) => MemberFields,
  precondition?: Precondition,
): Promise<MemberWritten> {
  return writeMember(ports, book, id, precondition, (stored) => {
    const before = stored ?? newMember(id);
    const fields = patch(before);
    checkVocabulary(book, fields, stored);
    return { ...before, ...fields };
  });
}
