import type { Operation, OperationKey } from '../operation.ts';

const QUESTION = {
  user: 'sam-starter',
  action: 'generation.create',
  input: { loras: 6, width: 1024, height: 1024 },
};

/** What can be wrong with any question, beside its form. */
const OF_A_QUESTION = ['invalid_question', 'unknown_field', 'missing_field', 'invalid_field', 'invalid_id'] as const;
const OF_ITS_NAMES = ['ambiguous_action', 'unknown_action', 'unknown_rule_set', 'facts_unreadable'] as const;

export const decisionOperations: Readonly<Record<OperationKey, Operation>> = {
  'POST /v1/decisions': {
    id: 'decide',
    says: 'May this user do this?',
    more: 'A denial is an answer, status 200, with its reason, the numbers, the tier that would change it and until when the answer holds. With `detail: brief` the answer is `decision`, `code` and `validUntil` only.',
    tag: 'Decisions',
    body: {
      schema: 'question',
      examples: {
        limit: QUESTION,
        short: { user: 'sam-starter', action: 'lora.train_free', detail: 'brief' },
      },
    },
    answers: { 200: { says: 'The decision.', schema: 'answers/decisions/decision-or-brief' } },
    problems: [...OF_A_QUESTION, ...OF_ITS_NAMES],
  },
  'POST /v1/decisions/batch': {
    id: 'decideAll',
    says: 'Up to 1000 questions at once',
    more: 'Answered in their order, all by the same rules. A question that cannot be understood has its problem in its place; the others are answered.',
    tag: 'Decisions',
    body: {
      schema: 'batch',
      examples: {
        two: { questions: [QUESTION, { user: 'sam-starter', action: 'generation.turbo' }], detail: 'brief' },
      },
    },
    answers: { 200: { says: 'The decisions.', schema: 'answers/decisions/batch' } },
    problems: OF_A_QUESTION,
  },
  'POST /v1/decisions/explain': {
    id: 'explain',
    says: 'The same, gate by gate',
    more: 'Every gate in order with its condition, the facts that it read and whether it held, as json-rules-engine itself judged it; which version judged and why; for a denial what would have to change.',
    tag: 'Decisions',
    body: { schema: 'question', examples: { limit: QUESTION } },
    answers: { 200: { says: 'The decision, explained.', schema: 'answers/decisions/explanation' } },
    problems: [...OF_A_QUESTION, ...OF_ITS_NAMES],
  },
};
