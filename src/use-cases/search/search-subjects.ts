import { isAllowed } from '../../decide/is-allowed.ts';
import type { CheckedQuestion } from '../../domain/question.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { ruleSetNamed } from '../decisions/rule-set-named.ts';
import { reachable } from '../members/reachable.ts';
import type { Clock, MemberStore } from '../ports.ts';
import { type Found, MOST_LOOKED_AT, NOTHING_FOUND, type SearchPage } from './found.ts';
import { isKnownResource } from './known-resource.ts';

/** Read at once: few enough that a page of a few results reads little, and enough for few round trips. */
const READ_AT_ONCE = 250;
const READ_BYTES = 4 * 1_048_576;

/** The members in the store who may do it; the subject of the question stands for each of them. Problem: `facts_unreachable`. */
export async function searchSubjects(
  { store, clock }: { readonly store: MemberStore; readonly clock: Clock },
  book: RuleBook,
  { question, ruleSetId, at }: CheckedQuestion,
  page: SearchPage,
): Promise<Found> {
  const ruleSet = ruleSetNamed(book, ruleSetId);
  const now = at ?? clock.now();
  const { type, properties } = question.subject;
  // Only users are in the store.
  if (type !== 'user' || !isKnownResource(ruleSet, question.resource, now)) return NOTHING_FOUND;

  const results: string[] = [];
  const unreadable: string[] = [];
  let looked = 0;
  const found = (next: string | null): Found => ({ results, next, looked, degraded: false, unreadable });
  let { after } = page;
  while (looked < MOST_LOOKED_AT) {
    const from = after;
    const limits = { members: Math.min(READ_AT_ONCE, MOST_LOOKED_AT - looked), bytes: READ_BYTES };
    const read = await reachable(() => store.page(from, limits));
    looked += read.members.length + read.unreadable.length;
    // Also those after the end of a full page: better told twice than never.
    unreadable.push(...read.unreadable);
    for (const [index, member] of read.members.entries()) {
      const { id } = member;
      if (isAllowed(ruleSet, member, { ...question, subject: { type, id, properties } }, now)) results.push(id);
      const isLast = index === read.members.length - 1 && read.next === null;
      if (results.length === page.limit && !isLast) return found(id);
    }
    if (read.next === null) return found(null);
    after = read.next;
  }
  return found(after ?? null);
}
