import type { Operation, OperationKey } from '../operation.ts';
import { IF_NONE_MATCH } from '../parameters.ts';

const OF_SAM = { context: { targetingKey: 'sam-starter' } };

export const flagOperations: Readonly<Record<OperationKey, Operation>> = {
  'POST /ofrep/v1/evaluate/flags/:key': {
    id: 'evaluateFlag',
    says: 'One perk as a flag',
    more: 'For OpenFeature providers in services. While the facts about the user cannot be read, the flag goes by `whenFactsUnavailable` of its perk.',
    tag: 'Flags',
    parameters: {
      key: { description: 'The id of the perk.', schema: { type: 'string' }, example: 'turbo_mode' },
    },
    body: { schema: 'ofrep/evaluation', examples: { 'A member': OF_SAM } },
    answers: {
      200: { says: 'The flag.', schema: 'ofrep/flag' },
      500: {
        says: 'The facts cannot be read, and the perk is allowed then: go on with a number of your own.',
        schema: 'ofrep/failure',
      },
    },
    problems: ['unknown_path', 'missing_field', 'invalid_field', 'invalid_id'],
    refusal: 'ofrep/failure',
  },
  'POST /ofrep/v1/evaluate/flags': {
    id: 'evaluateFlags',
    says: 'All perks as flags',
    more: 'For OpenFeature providers in pages and apps. The `ETag` is one of the answer: it changes with everything that is told.',
    tag: 'Flags',
    headers: { 'If-None-Match': IF_NONE_MATCH },
    body: { schema: 'ofrep/evaluation', examples: { 'A member': OF_SAM } },
    answers: {
      200: { says: 'The flags.', schema: 'ofrep/flags', headers: ['ETag'] },
      304: { says: 'They are the same as those with this tag.', headers: ['ETag'] },
    },
    problems: ['missing_field', 'invalid_field', 'invalid_id'],
    refusal: 'ofrep/failure',
  },
};
