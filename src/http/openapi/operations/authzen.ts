import type { Operation, OperationKey } from '../operation.ts';

const SAM = { type: 'user', id: 'sam-starter' };
const HANDBOOK = { type: 'document', id: 'handbook' };
const READ = { name: 'document.read' };

const OF_A_QUESTION = ['missing_field', 'unknown_field', 'invalid_field', 'invalid_id', 'ambiguous_action'] as const;
const OF_A_SEARCH = [...OF_A_QUESTION, 'facts_unreachable', 'facts_unreadable'] as const;
const SEARCHING =
  'In a stable order, page by page; whoever is not known finds nothing. A token alone is enough for the next page, from whichever server of a group.';

/** OpenID AuthZEN Authorization API 1.0. */
export const authzenOperations: Readonly<Record<OperationKey, Operation>> = {
  'POST /access/v1/evaluation': {
    id: 'evaluate',
    says: 'May this subject do this to that resource?',
    more: 'A denial is an answer, status 200, and so is the denial of an action, or a type of subject, that is not known, with `context.error`.',
    tag: 'AuthZEN',
    body: { schema: 'authzen/evaluation', examples: { document: { subject: SAM, action: READ, resource: HANDBOOK } } },
    answers: { 200: { says: 'The decision.', schema: 'authzen/answer' } },
    problems: [...OF_A_QUESTION, 'facts_unreadable'],
    refusal: 'answers/common/problem',
  },
  'POST /access/v1/evaluations': {
    id: 'evaluateAll',
    says: 'Up to 1000 evaluations at once',
    more: 'What an evaluation names replaces the default whole. One that cannot be understood is denied with `context.error`; the others are answered.',
    tag: 'AuthZEN',
    body: {
      schema: 'authzen/evaluations',
      examples: {
        two: {
          subject: SAM,
          action: READ,
          evaluations: [{ resource: HANDBOOK }, { resource: { type: 'document', id: 'salaries' } }],
        },
      },
    },
    answers: { 200: { says: 'The decisions.', schema: 'authzen/one-or-many-answers' } },
    problems: [...OF_A_QUESTION, 'facts_unreadable'],
    refusal: 'answers/common/problem',
  },
  'POST /access/v1/search/subject': {
    id: 'searchSubjects',
    says: 'Which members may do this?',
    more: `${SEARCHING} Needs the scope \`members:read\` besides: what it finds is a list of members.`,
    tag: 'AuthZEN',
    body: {
      schema: 'authzen/search-request#subjects',
      examples: { readers: { subject: { type: 'user' }, action: READ, resource: HANDBOOK, page: { limit: 10 } } },
    },
    answers: { 200: { says: 'Those who may.', schema: 'authzen/found#subjects' } },
    problems: OF_A_SEARCH,
    refusal: 'answers/common/problem',
  },
  'POST /access/v1/search/resource': {
    id: 'searchResources',
    says: 'To which resources may this subject do this?',
    more: SEARCHING,
    tag: 'AuthZEN',
    body: {
      schema: 'authzen/search-request#resources',
      examples: { documents: { subject: SAM, action: READ, resource: { type: 'document' } } },
    },
    answers: { 200: { says: 'Those of the catalogue.', schema: 'authzen/found#resources' } },
    problems: OF_A_SEARCH,
    refusal: 'answers/common/problem',
  },
  'POST /access/v1/search/action': {
    id: 'searchActions',
    says: 'What may this subject do to that resource?',
    more: `${SEARCHING} Actions that need an input cannot be found.`,
    tag: 'AuthZEN',
    body: {
      schema: 'authzen/search-request#actions',
      examples: {
        document: { subject: SAM, resource: HANDBOOK },
        membership: { subject: SAM, resource: { type: 'ruleSet', id: 'pixai-membership' } },
      },
    },
    answers: { 200: { says: 'What may be done.', schema: 'authzen/found#actions' } },
    problems: OF_A_SEARCH,
    refusal: 'answers/common/problem',
  },
  'GET /.well-known/authzen-configuration': {
    id: 'authzenConfiguration',
    says: 'Where what is',
    tag: 'AuthZEN',
    answers: { 200: { says: 'The endpoints.', schema: 'authzen/metadata', headers: ['Cache-Control'] } },
  },
};
