import { newMember, type Term } from '../../domain/member.ts';
import { Problem } from '../../domain/problem.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { checkTier } from './check-vocabulary.ts';
import type { Precondition } from './precondition.ts';
import { type MemberPorts, type MemberWritten, writeMember } from './write-member.ts';

const MOST_TERMS = 1000;

/**
 * Adds a term, or replaces the one of this id in its place. Idempotent, for billing events that come twice: the same content again
 * changes nothing, not even the revision. An unknown member is created.
 * Problems: `invalid_member`, `stale_revision`, `facts_unreachable`.
 */
export function putTerm(
  ports: MemberPorts,
  book: RuleBook,
  id: string,
  term: Term & { readonly id: string },
  precondition?: Precondition,
): Promise<MemberWritten> {
  return writeMember(ports, book, id, precondition, (stored) => {
    checkTier(book, term.tier, '/tier', stored);
    const before = stored ?? newMember(id);
    const isKnown = before.terms.some((each) => each.id === term.id);
    if (!isKnown && before.terms.length >= MOST_TERMS) {
      throw new Problem('invalid_member', `a member has at most ${MOST_TERMS} terms; delete old ones first`);
    }
    const terms = isKnown ? before.terms.map((each) => (each.id === term.id ? term : each)) : [...before.terms, term];
    return { ...before, terms };
  });
}
