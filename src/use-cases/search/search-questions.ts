import { isAllowed } from '../../decide/is-allowed.ts';
import type { CheckedQuestion, SubjectClaim } from '../../domain/question.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { ruleSetNamed } from '../decisions/rule-set-named.ts';
import type { Clock, FactsReader } from '../ports.ts';
import { type Found, NOTHING_FOUND, pageOf, type SearchPage } from './found.ts';
import { isKnownResource } from './known-resource.ts';
import { searchedSubject } from './searched-subject.ts';

/** A question, and what is found where it is allowed. */
export interface Candidate {
  readonly id: string;
  readonly asked: CheckedQuestion;
}

/** What of these, in the order of their ids, the subject may: all of them are asked about it. Problem: `facts_unreachable`. */
export async function searchQuestions(
  { facts, clock }: { readonly facts: FactsReader; readonly clock: Clock },
  book: RuleBook,
  subject: SubjectClaim,
  candidates: readonly Candidate[],
  page: SearchPage,
): Promise<Found> {
  const [first] = candidates;
  if (first === undefined) return NOTHING_FOUND;
  const { isThere, member, degraded } = await searchedSubject(facts, subject, first.asked.minRevision);
  if (!isThere) return { ...NOTHING_FOUND, degraded };
  const now = clock.now();
  const may = ({ asked: { ruleSetId, question, at = now } }: Candidate) => {
    const ruleSet = ruleSetNamed(book, ruleSetId);
    return isKnownResource(ruleSet, question.resource, at) && isAllowed(ruleSet, member, question, at);
  };
  return { ...pageOf(candidates, ({ id }) => id, may, page), degraded, unreadable: [] };
}
