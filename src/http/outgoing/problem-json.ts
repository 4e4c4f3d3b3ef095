import { Problem, type ProblemCode } from '../../domain/problem.ts';
import type { ApiProblem } from '../../generated/answers/common/problem.ts';
import { KeyStoreUnreachable } from '../../use-cases/keys/ports.ts';
import { RuleStoreUnreachable, StoreUnreachable } from '../../use-cases/ports.ts';
import { STATUS, type TransportCode } from './status.ts';

/** How long to wait before asking again where nobody said, in seconds. */
const RETRY_AFTER = 1;

export function problemJson(
  code: ProblemCode | TransportCode,
  detail: string,
  details: {
    readonly field?: string | undefined;
    readonly didYouMean?: string | undefined;
    readonly more?: Readonly<Record<string, unknown>> | undefined;
  } = {},
): ApiProblem {
  const usual: ApiProblem = {
    type: `urn:perkbook:problem:${code}`,
    title: titleOf(code),
    status: STATUS[code],
    detail,
    code,
    ...(details.field === undefined ? {} : { field: details.field }),
    ...(details.didYouMean === undefined ? {} : { didYouMean: details.didYouMean }),
  };
  // What only some problems have, such as `findings`, comes after what all have and never replaces it.
  return details.more === undefined ? usual : { ...usual, ...details.more, ...usual };
}

export function toProblemJson(problem: Problem): ApiProblem {
  return problemJson(problem.code, problem.message, problem);
}

/** Whole seconds for `Retry-After`, on the answers that carry it. */
export function retryAfterOf(problem: Problem): number | undefined {
  const status = STATUS[problem.code];
  return problem.retryAfter ?? (status === 429 || status === 503 ? RETRY_AFTER : undefined);
}

/**
 * Whatever was thrown, as a problem. What nobody expected becomes `internal_error`, which says nothing of its cause to the
 * caller and keeps it for the log.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StoreUnreachable) {
    return new Problem('facts_unreachable', 'the member facts cannot be reached; try again', { cause: error });
  }
  if (error instanceof RuleStoreUnreachable) {
    return new Problem('rules_unreachable', `the rules cannot be changed or read now: ${error.message}`, {
      cause: error,
    });
  }
  if (error instanceof KeyStoreUnreachable) {
    return new Problem('keys_unreachable', 'it cannot be found out now who may ask; try again', { cause: error });
  }
  if (error instanceof URIError) {
    return new Problem('invalid_id', 'the path has a `%` that is not followed by valid percent-encoding', {
      cause: error,
    });
  }
  return new Problem('internal_error', 'something went wrong here; the log has more under this request id', {
    cause: error,
  });
}

/** `unknown_action` → `Unknown action`. */
function titleOf(code: string): string {
  const words = code.replaceAll('_', ' ').replace('json', 'JSON');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
