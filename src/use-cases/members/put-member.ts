import { newMember } from '../../domain/member.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { checkVocabulary } from './check-vocabulary.ts';
import type { MemberFields } from './member-fields.ts';
import type { Precondition } from './precondition.ts';
import { type MemberPorts, type MemberWritten, writeMember } from './write-member.ts';

/**
 * Creates a member, or replaces what is given. "An omitted `usage` or `holdings` stays": and so does everything else that is left
 * out, since a write that does not mention the terms can hardly mean to end a paid membership. An empty list empties.
 * Problems: `invalid_member`, `stale_revision`, `facts_unreachable`.
 */
export function putMember(
  ports: MemberPorts,
  book: RuleBook,
  id: string,
  fields: MemberFields,
  precondition?: Precondition,
): Promise<MemberWritten> {
  return writeMember(ports, book, id, precondition, (stored) => {
    checkVocabulary(book, fields, stored);
    return { ...(stored ?? newMember(id)), ...fields };
  });
}
