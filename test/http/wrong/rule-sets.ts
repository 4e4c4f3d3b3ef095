import type { Wrong } from './wrong.ts';

export const WRONG_RULE_SETS: readonly Wrong[] = [
  {
    what: 'an unknown rule set',
    method: 'GET',
    path: '/v1/rule-sets/document',
    status: 404,
    code: 'unknown_rule_set',
    didYouMean: 'documents',
  },
  {
    what: 'an unknown version',
    method: 'GET',
    path: '/v1/rule-sets/documents/versions/99',
    status: 404,
    code: 'unknown_version',
  },
  {
    what: 'a version that is no number',
    method: 'GET',
    path: '/v1/rule-sets/documents/versions/01',
    status: 404,
    code: 'unknown_version',
  },
  {
    what: 'the matrix of an unknown version',
    method: 'GET',
    path: '/v1/rule-sets/pixai-membership/matrix?version=99',
    status: 404,
    code: 'unknown_version',
  },
];
