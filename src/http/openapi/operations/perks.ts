import type { Operation, OperationKey } from '../operation.ts';
import { AT, MEMBER, MIN_REVISION } from '../parameters.ts';

export const perkOperations: Readonly<Record<OperationKey, Operation>> = {
  'GET /v1/members/:id/perks': {
    id: 'perks',
    says: 'Everything that a member has',
    more: 'Every perk with its values, and the decision of each action that needs no input and no resource.',
    tag: 'What a member has',
    parameters: { id: MEMBER, at: AT, minRevision: MIN_REVISION },
    answers: { 200: { says: 'The perks.', schema: 'answers/perks/perks' } },
    problems: ['facts_unreadable'],
  },
  'GET /v1/members/:id/cancellation-preview': {
    id: 'cancellationPreview',
    says: 'What the end of the membership would leave',
    more: 'Per perk what it is now and after the end, the word for it, and what stays, as a sentence.',
    tag: 'What a member has',
    parameters: { id: MEMBER, at: AT, minRevision: MIN_REVISION },
    answers: { 200: { says: 'The preview.', schema: 'answers/perks/cancellation-preview' } },
    problems: ['facts_unreadable'],
  },
};
