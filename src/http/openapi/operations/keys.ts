import type { Operation, OperationKey } from '../operation.ts';
import type { Parameter } from '../parameters.ts';

const KEY: Parameter = {
  description: 'The id of the key: its beginning.',
  schema: { type: 'string', pattern: '^pk_[0-9a-z]{10}$' },
  example: 'pk_4f9a1kq0zt',
};

/** Who may ask. */
export const keyOperations: Readonly<Record<OperationKey, Operation>> = {
  'POST /v1/keys': {
    id: 'makeKey',
    says: 'Make a key',
    more: 'The key is in this answer and nowhere else: only its hash is kept. With the first key everybody has to have one. A rule set that is not there is refused, unless the key may make it.',
    tag: 'Keys',
    body: {
      schema: 'key-request',
      examples: { shop: { name: 'the shop', scopes: ['decide', 'consume'], ruleSets: ['pixai-membership'] } },
    },
    answers: {
      201: { says: 'The key.', schema: 'answers/keys/made-key', headers: ['Location', 'Cache-Control'] },
    },
    problems: ['unknown_field', 'missing_field', 'invalid_field', 'unknown_rule_set'],
  },
  'GET /v1/keys': {
    id: 'listKeys',
    says: 'Every key that was ever made',
    more: 'The oldest first, revoked ones too, without what is secret of them.',
    tag: 'Keys',
    answers: { 200: { says: 'The keys.', schema: 'answers/keys/key-list' } },
  },
  'GET /v1/keys/:id': {
    id: 'getKey',
    says: 'One key',
    tag: 'Keys',
    parameters: { id: KEY },
    answers: { 200: { says: 'The key, without what is secret of it.', schema: 'answers/keys/key' } },
    problems: ['unknown_api_key'],
  },
  'DELETE /v1/keys/:id': {
    id: 'revokeKey',
    says: 'Revoke a key',
    more: 'It works no more: at once here, within a second on every other evaluator. Twice is a no-op.',
    tag: 'Keys',
    parameters: { id: KEY },
    answers: { 204: { says: 'It is revoked.' } },
    problems: ['unknown_api_key'],
  },
};
