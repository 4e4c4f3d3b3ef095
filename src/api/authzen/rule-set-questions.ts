import type { Instant } from '../../domain/instant.ts';
import type { CheckedQuestion, SubjectClaim } from '../../domain/question.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { actionNamed } from '../../use-cases/decisions/action-named.ts';
import { instantOf } from '../decisions/check-question.ts';
import { doneTo, RULE_SET_TYPE } from './action-of.ts';
import { type AskedByRequest, questionOf } from './from-authzen-evaluation.ts';
import { inAuthzenTerms } from './in-authzen-terms.ts';

/**
 * What a search for rule sets has to ask: an action without a resource, in every rule set that has it, or in the one that the request
 * names. Throws a `Problem` for an action that no rule set has, and for an extension or an input that is not understood.
 */
export function ruleSetQuestions(
  subject: SubjectClaim,
  asked: AskedByRequest,
  book: RuleBook,
  now: Instant,
): readonly CheckedQuestion[] {
  const { name } = asked.action;
  const { ruleSet, at } = asked.context?.perkbook ?? {};
  const instant = inAuthzenTerms(() => instantOf(at)) ?? now;
  if (!book.ruleSetsOf.has(name)) inAuthzenTerms(() => actionNamed(book, name, undefined, instant));
  return (book.ruleSetsOf.get(name) ?? [])
    .map((id) => ({ ...asked, resource: { ...asked.resource, type: RULE_SET_TYPE, id } }))
    .filter(({ resource }) => doneTo(book, { action: name, resource, ruleSet }, instant).length > 0)
    .map((each) => questionOf(subject, each, book, now));
}
