import type { Problem } from '../../domain/problem.ts';
import type { OfrepFailure } from '../../generated/ofrep/failure.ts';
import { json, type Reply } from '../outgoing/reply.ts';
import { STATUS } from '../outgoing/status.ts';
import type { Call } from '../route.ts';

/** A problem as OFREP has it: with the flag where one was asked for, and a code that every OpenFeature client knows. */
export function ofrepFailure(problem: Problem, { key }: Call['params']): Reply {
  const failure: OfrepFailure = {
    ...(key !== undefined && { key }),
    errorCode: errorCodeOf(problem),
    errorDetails: problem.message,
  };
  return json(statusOf(problem), failure);
}

/** Clients read the body of 400, 404 and 500 only. What is told by another status (401, 403, 413, 429, 503) is told by that alone. */
function statusOf({ code }: Problem): number {
  return code === 'unsupported_media_type' ? 400 : STATUS[code];
}

function errorCodeOf({ code, field = '' }: Problem): OfrepFailure['errorCode'] {
  switch (code) {
    case 'unknown_path':
      return 'FLAG_NOT_FOUND';
    case 'malformed_json':
    case 'unsupported_media_type':
    case 'body_too_large':
      return 'PARSE_ERROR';
    case 'missing_field':
      return 'TARGETING_KEY_MISSING';
    // Without a field it is the path that cannot be read.
    case 'invalid_id':
    case 'invalid_field':
      return field === '' ? 'PARSE_ERROR' : 'INVALID_CONTEXT';
    default:
      return 'GENERAL';
  }
}
