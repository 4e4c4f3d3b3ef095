import { type Caller, mayDo, speaksFor } from '../domain/caller.ts';
import type { Instant } from '../domain/instant.ts';
import type { CheckedQuestion } from '../domain/question.ts';
import { ownBook } from '../rules/own-book.ts';
import type { RuleBook } from '../rules/rule-set.ts';
import { type Answered, ask } from '../use-cases/decisions/ask.ts';
import { membershipRules } from '../use-cases/decisions/membership-rules.ts';
import { noneOf, notSpokenFor } from '../use-cases/decisions/not-spoken-for.ts';
import type { Told } from '../use-cases/decisions/told.ts';
import type { MaybePromise } from '../use-cases/ports.ts';
import { outOfScope } from './admission/turned-away.ts';
import type { Deps } from './deps.ts';
import { newDecisionId } from './outgoing/decision-id.ts';
import type { Call } from './route.ts';

/**
 * The one way to ask over HTTP, whichever protocol: what the caller may not ask is refused before, and what it is told is
 * observed after. Problem: `forbidden`.
 */
export function askFor(deps: Deps, call: Call, book: RuleBook, asked: CheckedQuestion): MaybePromise<Told> {
  permit(call.caller, asked);
  const answered = ask(deps, book, asked);
  return answered instanceof Promise ? answered.then((each) => tell(deps, call, each)) : tell(deps, call, answered);
}

function tell({ onTold }: Deps, { caller, requestId, trace }: Call, answered: Answered): Told {
  const told = { id: newDecisionId(), answered, caller: caller.id, requestId };
  onTold?.(told);
  trace?.decided(told.id, answered.asked, answered.decision);
  return told;
}

/** Throws `forbidden` where the caller may not ask this: of a rule set that it does not speak for, or at another instant than now. */
export function permit(caller: Caller, { ruleSetId, at }: Pick<CheckedQuestion, 'ruleSetId' | 'at'>): void {
  if (!speaksFor(caller, ruleSetId)) throw notSpokenFor(caller, ruleSetId);
  if (at !== undefined && !mayDo(caller, 'decide:at')) throw outOfScope(caller, 'decide:at', '/at');
}

/** The same for what a member has and uses up, which is what the one rule set with tiers says. */
export function permitMembership(caller: Caller, book: RuleBook, at?: Instant): void {
  const ruleSet = membershipRules(ownBook(caller, book));
  if (ruleSet !== undefined) permit(caller, { ruleSetId: ruleSet.id, at });
  else if (caller.ruleSets !== null) throw noneOf(caller, 'a rule set that has tiers');
}
