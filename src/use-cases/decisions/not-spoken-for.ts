import type { Caller } from '../../domain/caller.ts';
import { Problem, type ProblemDetails } from '../../domain/problem.ts';

/** The same whether there is such a rule set or not: which others there are is not for this caller. */
export function notSpokenFor(caller: Caller, ruleSetId: string, details: ProblemDetails = {}): Problem {
  return noneOf(caller, `the rule set \`${ruleSetId.slice(0, 256)}\``, details);
}

/** `what` says of a rule set what none of those has that the caller speaks for. */
export function noneOf(caller: Caller, what: string, details: ProblemDetails = {}): Problem {
  return new Problem('forbidden', `\`${caller.id}\` does not speak for ${what}`, details);
}
