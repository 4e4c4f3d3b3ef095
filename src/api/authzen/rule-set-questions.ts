import type { Instant } from '../../domain/instant.ts';
import type { CheckedQuestion, SubjectClaim } from '../../domain/question.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { doneTo, RULE_SET_TYPE } from './action-of.ts';
import { type AskedByRequest, questionOf } from './from-authzen-evaluation.ts';

/** What a search for rule sets has to ask: an action without a resource, in every rule set that has it. Throws a `Problem` as an evaluation does. */
export function ruleSetQuestions(
  subject: SubjectClaim,
  asked: AskedByRequest,
  book: RuleBook,
  now: Instant,
): readonly CheckedQuestion[] {
  const { name } = asked.action;
  return (book.ruleSetsOf.get(name) ?? [])
    .map((id) => ({ ...asked, resource: { ...asked.resource, type: RULE_SET_TYPE, id } }))
    .filter(({ resource }) => doneTo(book, { action: name, resource, ruleSet: undefined }, now).length > 0)
    .map((each) => questionOf(subject, each, book, now));
}
