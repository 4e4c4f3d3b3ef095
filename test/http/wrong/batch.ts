import { SIX_LORAS } from '../running.ts';
import type { Wrong } from './wrong.ts';

export const WRONG_BATCH: readonly Wrong[] = [
  {
    what: 'a batch without questions',
    path: '/v1/decisions/batch',
    body: {},
    status: 400,
    code: 'missing_field',
    field: '/questions',
  },
  {
    what: 'a batch that is a bare list',
    path: '/v1/decisions/batch',
    body: [SIX_LORAS],
    status: 400,
    code: 'invalid_field',
    field: '',
    detail: /^the body must be an object such as `\{"questions": \[/,
  },
  {
    what: 'an empty batch',
    path: '/v1/decisions/batch',
    body: { questions: [] },
    status: 400,
    code: 'invalid_field',
    field: '/questions',
  },
  {
    what: 'a batch of 1001',
    path: '/v1/decisions/batch',
    body: { questions: Array(1001).fill({}) },
    status: 400,
    code: 'invalid_field',
    field: '/questions',
  },
  {
    what: 'a batch with a wrong instant',
    path: '/v1/decisions/batch',
    body: { questions: [SIX_LORAS], at: 'now' },
    status: 400,
    code: 'invalid_field',
    field: '/at',
  },
  {
    what: 'a batch with an unknown field',
    path: '/v1/decisions/batch',
    body: { questions: [SIX_LORAS], detial: 'brief' },
    status: 400,
    code: 'unknown_field',
    field: '/detial',
    didYouMean: 'detail',
  },
];
