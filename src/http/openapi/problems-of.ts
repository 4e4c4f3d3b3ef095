import type { ProblemCode } from '../../domain/problem.ts';
import { JSON_TYPE } from '../incoming/media-type.ts';
import type { Route } from '../route.ts';
import type { Operation } from './operation.ts';

/** Every problem that a route can give: its own, and those that follow from what it asks of a request. */
export function problemsOf(route: Route, { problems = [], headers = {} }: Operation): readonly ProblemCode[] {
  const { scope, path, query = [], takes, reads } = route;
  const codes: ProblemCode[] = [...problems, 'unknown_field', 'not_acceptable', 'internal_error'];
  if (query.length > 0 || Object.keys(headers).length > 0) codes.push('invalid_field');
  if (path.includes(':')) codes.push('invalid_id');
  if (scope !== null) codes.push('unauthenticated', 'forbidden', 'too_many_requests', 'keys_unreachable');
  if (takes !== undefined) codes.push('unsupported_media_type', 'body_too_large');
  if (takes?.includes(JSON_TYPE) === true && reads === undefined) codes.push('malformed_json');
  return [...new Set(codes)];
}
