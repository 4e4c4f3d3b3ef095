import type { ProblemCode } from '../domain/problem.ts';

/** What keeps a request from ever becoming one: noticed by the HTTP parser, so only the edge knows these. */
export type TransportCode = 'malformed_request' | 'request_timeout' | 'headers_too_large';

/** The status of each problem. Exhaustive: a new code does not compile without one. */
export const STATUS: Readonly<Record<ProblemCode | TransportCode, number>> = {
  malformed_request: 400,
  malformed_json: 400,
  invalid_question: 400,
  unknown_field: 400,
  missing_field: 400,
  invalid_field: 400,
  invalid_id: 400,
  ambiguous_action: 400,
  unknown_action: 404,
  unknown_member: 404,
  unknown_term: 404,
  unknown_key: 404,
  unknown_rule_set: 404,
  unknown_version: 404,
  unknown_path: 404,
  method_not_allowed: 405,
  not_acceptable: 406,
  request_timeout: 408,
  key_reused: 409,
  key_released: 409,
  stale_revision: 412,
  body_too_large: 413,
  unsupported_media_type: 415,
  invalid_member: 422,
  too_many_keys: 429,
  headers_too_large: 431,
  internal_error: 500,
  facts_unreachable: 503,
  shutting_down: 503,
};
