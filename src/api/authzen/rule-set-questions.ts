import type { Instant } from '../../domain/instant.ts';
import type { CheckedQuestion, SubjectClaim } from '../../domain/question.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { actionNamed } from '../../use-cases/decisions/action-named.ts';
import { instantOf } from '../decisions/check-question.ts';
import { actionOf, doneTo, RULE_SET_TYPE } from './action-of.ts';
import { type AskedByRequest, questionOf } from './from-authzen-evaluation.ts';
import { inAuthzenTerms } from './in-authzen-terms.ts';

/**
 * What a search for rule sets has to ask: an action without a resource, in every rule set that has it, or in the one that the request
 * names. Throws a `Problem` for what is not there (the action, the rule set, or the action for rule sets), and for an extension or an
 * input that is not understood.
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
  const holders = inAuthzenTerms(() => holdersOf(book, name, ruleSet, instant));
  const all = holders.map((id) => ({ ...asked, resource: { ...asked.resource, type: RULE_SET_TYPE, id } }));
  const done = all.filter(({ resource }) => doneTo(book, { action: name, resource, ruleSet }, instant).length > 0);
  const [first] = all;
  if (done.length === 0 && first !== undefined) {
    // An evaluation says why.
    inAuthzenTerms(() => actionOf(book, { action: name, resource: first.resource, ruleSet }, instant));
  }
  return done.map((each) => questionOf(subject, each, book, now));
}

/** The rule sets that have an action of this name: the one that is named, or all. */
function holdersOf(book: RuleBook, name: string, ruleSet: string | undefined, at: Instant): readonly string[] {
  const holders = ruleSet === undefined ? book.ruleSetsOf.get(name) : undefined;
  return holders ?? [actionNamed(book, name, ruleSet, at).ruleSetId];
}
