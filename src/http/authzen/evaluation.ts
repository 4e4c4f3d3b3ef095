import { fromAuthzenEvaluation } from '../../api/authzen/from-authzen-evaluation.ts';
import { toAuthzenDecision } from '../../api/authzen/to-authzen-decision.ts';
import { Problem } from '../../domain/problem.ts';
import type { AuthzenAnswer, AuthzenDecision, AuthzenRefusal } from '../../generated/authzen/answer.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import type { Told } from '../../use-cases/decisions/told.ts';
import type { MaybePromise } from '../../use-cases/ports.ts';
import { askFor } from '../asking.ts';
import type { Deps } from '../deps.ts';
import { toProblem } from '../outgoing/problem-json.ts';
import type { Call } from '../route.ts';
import { isNotThere, toAuthzenError } from './not-there.ts';
import { turningAway } from './turning-away.ts';

/** One evaluation. What is not there (an action, a rule set, a type of subject) is denied loudly; what is badly said is a `Problem`. */
export function evaluate(deps: Deps, call: Call, book: RuleBook, json: unknown): MaybePromise<AuthzenAnswer> {
  try {
    const asked = fromAuthzenEvaluation(json, book, deps.clock.now());
    const told = turningAway(() => askFor(deps, call, book, asked));
    return told instanceof Promise ? told.then(toAnswer) : toAnswer(told);
  } catch (error) {
    if (isNotThere(error)) return refused(error);
    throw error;
  }
}

/** The same as one of many: whatever is wrong with it is said in its place. What nobody expected fails all. */
export function evaluateInBatch(
  deps: Deps,
  call: Call,
  book: RuleBook,
  json: unknown,
  index: number,
): MaybePromise<AuthzenAnswer> {
  try {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      throw new Problem('invalid_field', `evaluation ${index} must be an object; the first is 0`, { field: '' });
    }
    const answer = evaluate(deps, call, book, json);
    return answer instanceof Promise ? answer.catch(refused) : answer;
  } catch (error) {
    return refused(error);
  }
}

function toAnswer({ answered, id }: Told): AuthzenDecision {
  return toAuthzenDecision(answered, id);
}

function refused(error: unknown): AuthzenRefusal {
  const problem = toProblem(error);
  if (problem.code === 'internal_error') throw error;
  return { decision: false, context: { error: toAuthzenError(problem) } };
}
