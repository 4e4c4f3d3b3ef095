import type { Instant } from '../../domain/instant.ts';
import { Problem } from '../../domain/problem.ts';
import type { CheckedQuestion } from '../../domain/question.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { actionIn, actionNamed, type NamedAction } from '../../use-cases/decisions/action-named.ts';
import { ruleSetNamed } from '../../use-cases/decisions/rule-set-named.ts';

/** The resource of an action that has none of its own: the rule set. Not a type that a rule file can have. */
export const RULE_SET_TYPE = 'ruleSet';

export interface NamedByRequest {
  readonly action: string;
  readonly resource: { readonly type: string; readonly id?: string };
  /** The rule set that the request names. */
  readonly ruleSet: string | undefined;
}

/**
 * The action that a request means: in the rule set it names, else in the one that the resource is, else in the only one that has it,
 * or that does it to resources of this type. Problems: `unknown_action`, `unknown_rule_set`, `ambiguous_action`.
 */
export function actionOf(book: RuleBook, { action, resource, ruleSet }: NamedByRequest, at: Instant): NamedAction {
  const named = actionNamed(book, action, ruleSet ?? ruleSetOf(book, action, resource, at), at);
  const { resource: type } = named.action;
  if (type !== null && type !== resource.type) {
    throw new Problem('unknown_action', `\`${action}\` is done to a \`${type}\`, not to a \`${resource.type}\``, {
      field: '/resource/type',
      didYouMean: type,
    });
  }
  return named;
}

/** Refuses to look for resources of a type, other than the rule sets, for an action that has none of its own. Problem: `unknown_action`. */
export function requireOwnResource({ question }: CheckedQuestion, type: string): void {
  if (question.resource !== null) return;
  const message = `\`${question.action}\` is not done to a \`${type.slice(0, 256)}\`: what it is done to is a \`${RULE_SET_TYPE}\``;
  throw new Problem('unknown_action', message, { field: '/resource/type', didYouMean: RULE_SET_TYPE });
}

function ruleSetOf(
  book: RuleBook,
  action: string,
  resource: NamedByRequest['resource'],
  at: Instant,
): string | undefined {
  const { type, id } = resource;
  if (type === RULE_SET_TYPE && id !== undefined) return ruleSetNamed(book, id, '/resource/id').id;
  if ((book.ruleSetsOf.get(action) ?? []).length < 2) return undefined;
  const [only, another] = doneTo(book, { action, resource, ruleSet: undefined }, at);
  return another === undefined ? only?.ruleSetId : undefined;
}

/** An action of this name in each rule set that does it to such a resource: one of its own type, or the rule set where it has none. */
export function doneTo(
  book: RuleBook,
  { action: name, resource, ruleSet }: NamedByRequest,
  at: Instant,
): readonly NamedAction[] {
  const isRuleSet = resource.type === RULE_SET_TYPE;
  return (book.ruleSetsOf.get(name) ?? []).flatMap((ruleSetId) => {
    if ((ruleSet !== undefined && ruleSetId !== ruleSet) || (isRuleSet && ruleSetId !== resource.id)) return [];
    const action = actionIn(ruleSetNamed(book, ruleSetId), name, at);
    return action?.resource === (isRuleSet ? null : resource.type) ? [{ ruleSetId, action }] : [];
  });
}
