/** Everything that can be wrong with a request. Closed: `src/http/outgoing/status.ts` gives each its status. */
export const PROBLEM_CODES = [
  'malformed_json',
  'malformed_body',
  'invalid_question',
  'unknown_field',
  'missing_field',
  'invalid_field',
  'invalid_id',
  'ambiguous_action',
  'unknown_action',
  'unknown_subject_type',
  'unknown_member',
  'unknown_term',
  'unknown_key',
  'unknown_rule_set',
  'unknown_version',
  'unknown_draft',
  'unknown_shadow',
  'unknown_path',
  'unknown_api_key',
  'no_decision_log',
  'unauthenticated',
  'forbidden',
  'too_many_requests',
  'too_many_wrong_keys',
  'invalid_member',
  'method_not_allowed',
  'not_acceptable',
  'unsupported_media_type',
  'body_too_large',
  'key_reused',
  'key_released',
  'too_many_keys',
  'impact_running',
  'stale_revision',
  'stale_version',
  'version_started',
  'version_scheduled',
  'nothing_changes',
  'outdated_draft',
  'broken_rules',
  'invalid_rule_set',
  'invalid_scenarios',
  'scenarios_fail',
  'loss_not_accepted',
  'precondition_required',
  'facts_unreachable',
  'facts_unreadable',
  'facts_are_mapped',
  'rules_unreachable',
  'keys_unreachable',
  'log_unreachable',
  'shutting_down',
  'internal_error',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export interface ProblemDetails {
  /** JSON pointer to the missing, unwanted or wrong property. */
  readonly field?: string;
  /** What was probably meant, for a near miss. */
  readonly didYouMean?: string;
  /** When asking again may help, in whole seconds. */
  readonly retryAfter?: number;
  /** Members of the answer besides the usual ones: what of a rule file is wrong, what has changed since. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * What is wrong with a request, thrown by whoever notices it and written out once, at the edge. `message` says what, where and
 * what to do, in lower case, with the caller's words in backticks.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly field: string | undefined;
  readonly didYouMean: string | undefined;
  readonly retryAfter: number | undefined;
  readonly more: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ProblemCode, message: string, details: ProblemDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.field = details.field;
    this.didYouMean = details.didYouMean;
    this.retryAfter = details.retryAfter;
    this.more = details.more;
  }
}
