import { SIX_LORAS } from '../running.ts';
import { DECISIONS, MEMBER, type Wrong } from './wrong.ts';

export const WRONG_QUERY: readonly Wrong[] = [
  {
    what: 'a misspelt parameter',
    method: 'GET',
    path: '/v1/members?limt=3',
    status: 400,
    code: 'unknown_field',
    field: '/limt',
    didYouMean: 'limit',
  },
  {
    what: 'a parameter given twice',
    method: 'GET',
    path: '/v1/members?limit=3&limit=4',
    status: 400,
    code: 'invalid_field',
    field: '/limit',
  },
  {
    what: 'a limit of 0',
    method: 'GET',
    path: '/v1/members?limit=0',
    status: 400,
    code: 'invalid_field',
    field: '/limit',
  },
  {
    what: 'a limit of 1001',
    method: 'GET',
    path: '/v1/members?limit=1001',
    status: 400,
    code: 'invalid_field',
    field: '/limit',
  },
  {
    what: 'a limit in words',
    method: 'GET',
    path: '/v1/members?limit=ten',
    status: 400,
    code: 'invalid_field',
    field: '/limit',
  },
  {
    what: 'a parameter where none is taken',
    path: `${DECISIONS}?at=now`,
    body: SIX_LORAS,
    status: 400,
    code: 'unknown_field',
    field: '/at',
  },
  {
    what: 'a plus that became a space',
    method: 'GET',
    path: `${MEMBER}/perks?at=2026-11-22T10:00:00+02:00`,
    status: 400,
    code: 'invalid_field',
    field: '/at',
    detail: /%2B/,
  },
];
