import { Problem, type ProblemCode } from '../../domain/problem.ts';
import type { AuthzenError } from '../../generated/authzen/answer.ts';
import { toProblemJson } from '../outgoing/problem-json.ts';

const NOT_THERE: readonly ProblemCode[] = ['unknown_action', 'unknown_rule_set', 'unknown_subject_type'];

/** Whether a request names what is not there: for AuthZEN an answer, and never one that looks like any other. */
export function isNotThere(error: unknown): error is Problem {
  return error instanceof Problem && NOT_THERE.includes(error.code);
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
