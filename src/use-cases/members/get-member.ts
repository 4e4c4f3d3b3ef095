import { Problem } from '../../domain/problem.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import type { MemberStore } from '../ports.ts';
import { reachable } from './reachable.ts';
import { type MemberView, viewOf } from './write-member.ts';

/** What is stored about a user, never from a cache. Problems: `unknown_member`, `facts_unreachable`. */
export async function getMember(
  { store }: { readonly store: MemberStore },
  book: RuleBook,
  id: string,
): Promise<MemberView> {
  const member = await reachable(() => store.get(id));
  if (member === undefined) throw new Problem('unknown_member', `nothing is stored about the user \`${id}\``);
  return viewOf(book, member);
}
