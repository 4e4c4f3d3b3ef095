import type { Instant } from '../../domain/instant.ts';
import type { Member, Term } from '../../domain/member.ts';

/**
 * A member whose terms are over and who has begun anew: instead of all terms one like the running one, beginning when that ends and, if
 * that is later, when the candidate starts. So the term and its chain begin with the candidate in force, and every policy lets it judge.
 */
export function renewedMember(
  member: Member,
  term: Term,
  from: Instant,
): { readonly member: Member; readonly at: Instant } {
  const at = Math.max(term.endsAt, from);
  const { cancelledAt: _, ...kept } = term;
  return { member: { ...member, terms: [{ ...kept, startsAt: at, endsAt: at + (term.endsAt - term.startsAt) }] }, at };
}
