import type { Operation, OperationKey } from '../operation.ts';
import { AT, RULE_SET } from '../parameters.ts';

export const candidateOperations: Readonly<Record<OperationKey, Operation>> = {
  'POST /v1/rule-sets/:id/impact': {
    id: 'measureImpact',
    says: 'Who gains and who loses by a version?',
    more: 'Judged for the members in the store, and written nowhere. With `Accept: text/event-stream` its progress comes as events, and the result as the last one. In the examples `user` is null for a caller without the scope `members:read`.',
    tag: 'Before publishing',
    parameters: {
      id: RULE_SET,
      version: {
        description: 'A version of the rule set, instead of a body.',
        schema: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
      },
      at: {
        ...AT,
        description:
          'The instant at which both are judged; where absent, when the version starts. One that starts later judges as if it had started then. Publishing judges now: `today` has that where it is earlier.',
      },
    },
    body: { says: 'A rule file: the candidate.' },
    answers: {
      200: {
        says: 'The counts.',
        schema: 'answers/candidates/impact',
        headers: ['Vary', 'Cache-Control', 'X-Accel-Buffering'],
      },
    },
    problems: [
      ...(['malformed_body', 'missing_field', 'invalid_field', 'unknown_rule_set', 'unknown_version'] as const),
      ...(['invalid_rule_set', 'impact_running', 'facts_unreachable', 'facts_unreadable'] as const),
    ],
  },
  'PUT /v1/rule-sets/:id/shadow': {
    id: 'putShadow',
    says: 'Let a candidate judge live questions, unheard',
    more: 'It never changes an answer; what it says is compared and counted.',
    tag: 'Before publishing',
    parameters: {
      id: RULE_SET,
      sample: {
        description: 'The share of questions that it judges; all where absent.',
        schema: { type: 'number', minimum: 0, maximum: 1 },
      },
    },
    body: { says: 'A rule file: the candidate.' },
    answers: { 200: { says: 'It judges from now on.', schema: 'answers/candidates/shadow' } },
    problems: ['malformed_body', 'invalid_field', 'unknown_rule_set', 'invalid_rule_set'],
  },
  'GET /v1/rule-sets/:id/shadow': {
    id: 'getShadow',
    says: 'What the candidate has said so far',
    more: 'The examples have `user`, `input`, `context` and `resource` for a caller with the scope `members:read`; for others `user` is null.',
    tag: 'Before publishing',
    parameters: { id: RULE_SET },
    answers: { 200: { says: 'The differences.', schema: 'answers/candidates/shadow' } },
    problems: ['unknown_rule_set', 'unknown_shadow'],
  },
  'DELETE /v1/rule-sets/:id/shadow': {
    id: 'deleteShadow',
    says: 'Send the candidate away',
    tag: 'Before publishing',
    parameters: { id: RULE_SET },
    answers: { 204: { says: 'It judges no more.' } },
    problems: ['unknown_rule_set', 'unknown_shadow'],
  },
};
