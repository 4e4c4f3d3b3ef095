import type { Instant } from '../../domain/instant.ts';
import { Problem } from '../../domain/problem.ts';
import type { CheckedQuestion, SubjectClaim } from '../../domain/question.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import type { NamedAction } from '../../use-cases/decisions/action-named.ts';
import { instantOf } from '../decisions/check-question.ts';
import { doneTo } from './action-of.ts';
import { type AskedByRequest, questionAbout } from './from-authzen-evaluation.ts';
import { inAuthzenTerms } from './in-authzen-terms.ts';

/**
 * What an action search has to ask, in the order of the actions' names: only what can be done to such a resource, and can be asked without
 * any input. Throws a `Problem` for an extension that is not understood.
 */
export function actionQuestions(
  subject: SubjectClaim,
  { resource, context = {} }: Omit<AskedByRequest, 'action'>,
  book: RuleBook,
  now: Instant,
): readonly CheckedQuestion[] {
  const { ruleSet, at } = context.perkbook ?? {};
  const instant = inAuthzenTerms(() => instantOf(at)) ?? now;
  const questions: CheckedQuestion[] = [];
  for (const name of [...book.ruleSetsOf.keys()].sort()) {
    const [only, another] = doneTo(book, { action: name, resource, ruleSet }, instant);
    // In two rule sets: an evaluation would have to say which.
    if (only === undefined || another !== undefined) continue;
    const question = askable(only, subject, { action: { name }, resource, context });
    if (question !== undefined) questions.push(question);
  }
  return questions;
}

/** Undefined for a question that needs an input, or another claim, that a search has no place for. */
function askable(named: NamedAction, subject: SubjectClaim, asked: AskedByRequest): CheckedQuestion | undefined {
  try {
    return questionAbout(named, subject, asked);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
