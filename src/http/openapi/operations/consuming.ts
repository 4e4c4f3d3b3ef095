import type { Operation, OperationKey } from '../operation.ts';
import { IF_MATCH, IF_NONE_MATCH, MEMBER } from '../parameters.ts';

export const consumingOperations: Readonly<Record<OperationKey, Operation>> = {
  'POST /v1/members/:id/consume': {
    id: 'consume',
    says: 'Decide and, if it is allowed, record it',
    more: 'In one atomic step. The same `idempotencyKey` again gets the first answer with `replayed: true` and records nothing, whatever has been published in between. A denial records nothing and is not remembered.',
    tag: 'Consuming',
    parameters: { id: MEMBER },
    headers: { 'If-Match': IF_MATCH, 'If-None-Match': IF_NONE_MATCH },
    body: { schema: 'consume', examples: { training: { action: 'lora.train_free', idempotencyKey: 'job-81' } } },
    answers: {
      200: { says: 'The decision, and what was recorded.', schema: 'answers/consuming/consumption-or-brief' },
    },
    problems: [
      ...(['invalid_question', 'unknown_field', 'missing_field', 'invalid_field', 'ambiguous_action'] as const),
      ...(['unknown_action', 'unknown_rule_set', 'key_reused', 'key_released', 'too_many_keys'] as const),
      ...(['stale_revision', 'facts_unreachable', 'facts_unreadable', 'facts_are_mapped', 'invalid_member'] as const),
    ],
  },
  'POST /v1/members/:id/release': {
    id: 'release',
    says: 'Give back what a key consumed',
    more: 'Twice is a no-op. A caller that is kept to rule sets gives back what these consumed.',
    tag: 'Consuming',
    parameters: { id: MEMBER },
    headers: { 'If-Match': IF_MATCH, 'If-None-Match': IF_NONE_MATCH },
    body: { schema: 'release', examples: { training: { idempotencyKey: 'job-81' } } },
    answers: { 200: { says: 'What was given back.', schema: 'answers/consuming/release' } },
    problems: [
      ...(['unknown_field', 'missing_field', 'invalid_field', 'unknown_key', 'stale_revision'] as const),
      ...(['facts_unreachable', 'facts_unreadable', 'facts_are_mapped'] as const),
    ],
  },
};
