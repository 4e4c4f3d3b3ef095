import type { ProblemCode } from '../../../domain/problem.ts';
import type { Answer, Operation, OperationKey, RequestBody } from '../operation.ts';
import { IF_MATCH, IF_NONE_MATCH, MEMBER, type Parameter, PRINTABLE } from '../parameters.ts';

const GUARDS = { 'If-Match': IF_MATCH, 'If-None-Match': IF_NONE_MATCH };
const UNREADABLE: readonly ProblemCode[] = ['facts_unreachable', 'facts_unreadable'];
const WRITING: readonly ProblemCode[] = [
  ...UNREADABLE,
  ...(['missing_field', 'invalid_field', 'stale_revision', 'invalid_member', 'facts_are_mapped'] as const),
];
const TERM: Parameter = {
  description: "The billing system's id of the term.",
  schema: { type: 'string', minLength: 1, maxLength: 256, pattern: PRINTABLE },
  example: 'sub_1',
};
const STARTER = {
  tier: 'starter',
  channel: 'web',
  startsAt: '2026-11-10T00:00:00Z',
  endsAt: '2026-12-10T00:00:00Z',
};

export const memberOperations: Readonly<Record<OperationKey, Operation>> = {
  'GET /v1/members': {
    id: 'listMembers',
    says: 'Members, page by page',
    tag: 'Members',
    parameters: {
      after: { description: 'The `next` of the page before; the first page where absent.', schema: MEMBER.schema },
      limit: {
        description: 'How many at most; 100 where absent.',
        schema: { type: 'integer', minimum: 1, maximum: 1000 },
      },
    },
    answers: { 200: { says: 'A page.', schema: 'answers/members/member-page' } },
    problems: [...UNREADABLE, 'invalid_id'],
  },
  'GET /v1/members/:id': {
    id: 'getMember',
    says: 'What is known about a user',
    tag: 'Members',
    parameters: { id: MEMBER },
    headers: { 'If-None-Match': IF_NONE_MATCH },
    answers: {
      200: shown('The member.'),
      304: { says: 'It is the one that you have.', headers: ['ETag'] },
    },
    problems: [...UNREADABLE, 'unknown_member'],
  },
  'PUT /v1/members/:id': {
    id: 'putMember',
    says: 'Create a member, or replace what is given',
    more: '`usage` and `holdings` that are left out stay as they are.',
    tag: 'Members',
    parameters: { id: MEMBER },
    headers: GUARDS,
    body: body({ terms: [{ id: 'sub_1', ...STARTER }], holdings: { private_models: 12 } }),
    answers: { 200: shown('The member as it is now.'), 201: shown('The new member.') },
    problems: WRITING,
  },
  'PATCH /v1/members/:id': {
    id: 'patchMember',
    says: 'Change a part of a member',
    more: 'A JSON merge patch (RFC 7396): what is given replaces, null removes.',
    tag: 'Members',
    parameters: { id: MEMBER },
    headers: GUARDS,
    body: { schema: 'member-patch', examples: { holdings: { holdings: { private_models: 13 } } } },
    answers: { 200: shown('The member as it is now.'), 201: shown('The new member.') },
    problems: WRITING,
  },
  'DELETE /v1/members/:id': {
    id: 'deleteMember',
    says: 'Forget a member',
    more: 'Also where there is none.',
    tag: 'Members',
    parameters: { id: MEMBER },
    headers: GUARDS,
    answers: { 204: { says: 'There is none any more.' } },
    problems: [...UNREADABLE, 'stale_revision', 'facts_are_mapped'],
  },
  'PUT /v1/members/:id/terms/:term': {
    id: 'putTerm',
    says: 'Create or replace one term',
    more: 'Idempotent, for billing events that come twice or out of order.',
    tag: 'Members',
    parameters: { id: MEMBER, term: TERM },
    headers: GUARDS,
    body: { schema: 'member#term', examples: { starter: STARTER } },
    answers: { 200: shown('The member as it is now.'), 201: shown('The new member.') },
    problems: WRITING,
  },
  'DELETE /v1/members/:id/terms/:term': {
    id: 'deleteTerm',
    says: 'Remove one term',
    tag: 'Members',
    parameters: { id: MEMBER, term: TERM },
    headers: GUARDS,
    answers: { 200: shown('The member that is left.'), 204: { says: 'There is no such member.' } },
    problems: WRITING,
  },
};

function shown(says: string): Answer {
  return { says, schema: 'answers/members/member', headers: ['ETag'] };
}

function body(example: unknown): RequestBody {
  return { schema: 'member', examples: { starter: example } };
}
