import { Problem } from '../../domain/problem.ts';
import type { AuthzenError } from '../../generated/authzen/answer.ts';
import { toProblemJson } from '../outgoing/problem-json.ts';

/** Whether a request names what is not there, an action or a rule set: for AuthZEN an answer, and never one that looks like any other. */
export function isNotThere(error: unknown): error is Problem {
  return error instanceof Problem && (error.code === 'unknown_action' || error.code === 'unknown_rule_set');
}

/** A problem as the `error` of a context. */
export function toAuthzenError(problem: Problem): AuthzenError {
  const { status, detail: message, code, field, didYouMean } = toProblemJson(problem);
  const hints = {
    ...(field === undefined ? {} : { field }),
    ...(didYouMean === undefined ? {} : { didYouMean }),
  };
  return { status, message, code, ...hints };
}
