import type { Operation, OperationKey } from '../operation.ts';
import { MEMBER, RULE_SET } from '../parameters.ts';

const INSTANT_OR_DAY = {
  anyOf: [
    { type: 'string', format: 'date-time' },
    { type: 'string', format: 'date' },
  ],
};
const DAY = 'A plain day begins at 0:00 UTC.';

export const decisionLogOperations: Readonly<Record<OperationKey, Operation>> = {
  'GET /v1/decisions-log': {
    id: 'readDecisionLog',
    says: 'What callers were told, the newest first',
    more: 'Where the server keeps a log that can be read: in files or in MongoDB. A page may have fewer entries than were asked for, even none, where much had to be looked through: go on until `next` is null.',
    tag: 'Decisions',
    parameters: {
      user: {
        description: 'Only about this user, by the id as you know it. None where the user was forgotten.',
        schema: MEMBER.schema,
        example: 'sam-starter',
      },
      action: { description: 'Only this action.', schema: { type: 'string' }, example: 'generation.create' },
      decision: { description: 'Only these answers.', schema: { enum: ['allow', 'deny'] } },
      code: { description: 'Only denials for this reason.', schema: { type: 'string' }, example: 'limit_exceeded' },
      ruleSet: { ...RULE_SET, description: 'Only what this rule set judged.' },
      caller: { description: 'Only what this key or bearer asked.', schema: { type: 'string' } },
      from: {
        description: `Told at this instant or later. ${DAY} A \`+\` is written \`%2B\`.`,
        schema: INSTANT_OR_DAY,
      },
      until: { description: `Told before this instant. ${DAY}`, schema: INSTANT_OR_DAY },
      after: { description: 'The `next` of the page before; the first page where absent.', schema: { type: 'string' } },
      limit: {
        description: 'How many at most; 50 where absent.',
        schema: { type: 'integer', minimum: 1, maximum: 500 },
      },
    },
    answers: { 200: { says: 'A page.', schema: 'answers/log/page' } },
    problems: ['invalid_id', 'no_decision_log', 'log_unreachable'],
  },
};
