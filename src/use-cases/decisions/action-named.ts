import { didYouMean } from '../../domain/did-you-mean.ts';
import type { Instant } from '../../domain/instant.ts';
import { inCode, listed } from '../../domain/listed.ts';
import { Problem, type ProblemDetails } from '../../domain/problem.ts';
import type { Action, RuleBook, RuleSet } from '../../rules/rule-set.ts';
import { noneOf } from './not-spoken-for.ts';
import { ruleSetNamed } from './rule-set-named.ts';

export interface NamedAction {
  readonly ruleSetId: string;
  readonly action: Action;
}

/**
 * The action of this name, in the rule set named or in the only one that has it. Problems: `unknown_action`, `ambiguous_action`;
 * `forbidden` where the book is kept for somebody, and the action may be in a rule set of others.
 */
export function actionNamed(book: RuleBook, name: string, ruleSetId: string | undefined, at: Instant): NamedAction {
  if (ruleSetId !== undefined) {
    const ruleSet = ruleSetNamed(book, ruleSetId, '/ruleSet');
    const action = actionIn(ruleSet, name, at);
    if (action === undefined) throw elsewhere(book, name, ruleSetId) ?? unknownAction(name, ruleSet);
    return { ruleSetId, action };
  }
  const holders = book.ruleSetsOf.get(name);
  const [holder, second] = holders ?? [];
  if (holders === undefined || holder === undefined) throw inNone(book, name);
  if (second !== undefined) {
    throw new Problem('ambiguous_action', `\`${name}\` is in ${inCode(holders)}; say which with \`ruleSet\``, {
      field: '/ruleSet',
    });
  }
  const action = actionIn(ruleSetNamed(book, holder), name, at);
  if (action === undefined) throw inNone(book, name);
  return { ruleSetId: holder, action };
}

/** As the newest version that has started by then declares it; one that only a later version has, as the newest declares it. */
export function actionIn(ruleSet: RuleSet, name: string, at: Instant): Action | undefined {
  const having = ruleSet.versions.filter((version) => version.actions.has(name));
  const started = having.findLast((version) => version.from <= at || version === ruleSet.versions[0]);
  return (started ?? having.at(-1))?.actions.get(name);
}

/** An action that the named rule set does not have, and another does. */
function elsewhere(book: RuleBook, name: string, ruleSetId: string): Problem | undefined {
  const holders = book.ruleSetsOf.get(name);
  if (holders === undefined) return undefined;
  const message = `\`${ruleSetId}\` has no action \`${name}\`; ${listed(holders)} has it`;
  return new Problem('unknown_action', message, { field: '/ruleSet', didYouMean: holders[0] ?? ruleSetId });
}

/** Where the book is only a part of what is loaded, nobody is told whether the rest has it. */
function inNone({ ruleSets, keptFor }: RuleBook, name: string): Problem {
  const near = nearTo(name, [...ruleSets.values()]);
  if (keptFor !== undefined) return noneOf(keptFor, `a rule set that has the action \`${name.slice(0, 256)}\``, near);
  const [only, another] = ruleSets.values();
  if (only !== undefined && another === undefined) return unknownAction(name, only);
  return new Problem('unknown_action', `no rule set has the action \`${name.slice(0, 256)}\``, near);
}

function unknownAction(name: string, ruleSet: RuleSet): Problem {
  const message = `\`${ruleSet.id}\` has no action \`${name.slice(0, 256)}\``;
  return new Problem('unknown_action', message, nearTo(name, [ruleSet]));
}

function nearTo(name: string, ruleSets: readonly RuleSet[]): ProblemDetails {
  const known = new Set(
    ruleSets.flatMap((ruleSet) => ruleSet.versions.flatMap((version) => [...version.actions.keys()])),
  );
  const meant = didYouMean(name, known);
  return { field: '/action', ...(meant === undefined ? {} : { didYouMean: meant }) };
}
