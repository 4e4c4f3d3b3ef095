import type { ProblemCode } from '../../domain/problem.ts';
import { JSON_TYPE } from '../incoming/media-type.ts';
import type { Route } from '../route.ts';
import type { Operation } from './operation.ts';

const OF_WHO_ASKS = [
  'unauthenticated',
  'forbidden',
  'too_many_requests',
  'too_many_wrong_keys',
  'keys_unreachable',
] as const;

/** Every problem that a route can give: its own, and those that follow from what it asks of a request. */
export function problemsOf(route: Route, { problems = [], headers = {} }: Operation): readonly ProblemCode[] {
  const { scope, path, query = [], takes, reads, ignoresAccept = false } = route;
  const codes: ProblemCode[] = [...problems, 'unknown_field', 'internal_error'];
  if (!ignoresAccept) codes.push('not_acceptable');
  if (query.length > 0 || Object.keys(headers).length > 0) codes.push('invalid_field');
  if (path.includes(':')) codes.push('invalid_id');
  if (scope !== null) codes.push(...OF_WHO_ASKS);
  if (takes !== undefined) codes.push('unsupported_media_type', 'body_too_large');
  if (takes?.includes(JSON_TYPE) === true && reads === undefined) codes.push('malformed_json');
  return [...new Set(codes)];
}
