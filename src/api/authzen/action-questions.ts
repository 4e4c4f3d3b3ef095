import { didYouMean } from '../../domain/did-you-mean.ts';
import type { Instant } from '../../domain/instant.ts';
import { Problem } from '../../domain/problem.ts';
import type { CheckedQuestion, SubjectClaim } from '../../domain/question.ts';
import type { RuleBook, RuleSet } from '../../rules/rule-set.ts';
import type { NamedAction } from '../../use-cases/decisions/action-named.ts';
import { ruleSetNamed } from '../../use-cases/decisions/rule-set-named.ts';
import { instantOf } from '../decisions/check-question.ts';
import { doneTo, RULE_SET_TYPE } from './action-of.ts';
import { type AskedByRequest, questionAbout } from './from-authzen-evaluation.ts';
import { inAuthzenTerms } from './in-authzen-terms.ts';

/**
 * What an action search has to ask, in the order of the actions' names: only what can be done to such a resource, and can be asked without
 * any input. Throws a `Problem` for a rule set or a type of resource that is not there, and for an extension that is not understood.
 */
export function actionQuestions(
  subject: SubjectClaim,
  { resource, context = {} }: Omit<AskedByRequest, 'action'>,
  book: RuleBook,
  now: Instant,
): readonly CheckedQuestion[] {
  const { ruleSet, at } = context.perkbook ?? {};
  const instant = inAuthzenTerms(() => instantOf(at)) ?? now;
  inAuthzenTerms(() => requireThere(book, resource, ruleSet));
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

/** Problems: `unknown_rule_set`; `unknown_action` for a type of resource that nothing is done to. */
function requireThere(book: RuleBook, { type, id }: AskedByRequest['resource'], ruleSet: string | undefined): void {
  if (ruleSet !== undefined) requireRuleSet(book, ruleSet, '/ruleSet');
  if (type === RULE_SET_TYPE) {
    if (id !== undefined) requireRuleSet(book, id, '/resource/id');
    return;
  }
  const ruleSets = [...book.ruleSets.values()].filter((each) => ruleSet === undefined || each.id === ruleSet);
  const types = new Set(ruleSets.flatMap(resourceTypesIn));
  if (types.has(type)) return;
  const meant = didYouMean(type, [...types, RULE_SET_TYPE]);
  const where = ruleSet === undefined ? '' : ` in \`${ruleSet}\``;
  throw new Problem('unknown_action', `nothing is done to a \`${type.slice(0, 256)}\`${where}`, {
    field: '/resource/type',
    ...(meant === undefined ? {} : { didYouMean: meant }),
  });
}

/** For who does not speak for it, it is not there either: a search finds what is there for its caller, and refuses nothing. */
function requireRuleSet(book: RuleBook, id: string, field: string): void {
  try {
    ruleSetNamed(book, id, field);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'forbidden') throw error;
    throw new Problem('unknown_rule_set', error.message, { field, cause: error });
  }
}

/** The types of resource that actions of a rule set are done to. Rule sets do not change, so each is looked through once. */
function resourceTypesIn(ruleSet: RuleSet): readonly string[] {
  const known = typesOf.get(ruleSet);
  if (known !== undefined) return known;
  const actions = ruleSet.versions.flatMap((version) => [...version.actions.values()]);
  const types = [...new Set(actions.flatMap(({ resource }) => (resource === null ? [] : [resource])))];
  typesOf.set(ruleSet, types);
  return types;
}

const typesOf = new WeakMap<RuleSet, readonly string[]>();

/** Undefined for a question that needs an input, or another claim, that a search has no place for. */
function askable(named: NamedAction, subject: SubjectClaim, asked: AskedByRequest): CheckedQuestion | undefined {
  try {
    return questionAbout(named, subject, asked);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
