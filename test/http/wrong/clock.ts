import type { Wrong } from './wrong.ts';

export const WRONG_CLOCK: readonly Wrong[] = [
  {
    what: 'a clock without an instant',
    method: 'PUT',
    path: '/v1/clock',
    body: {},
    status: 400,
    code: 'missing_field',
    field: '/now',
  },
  {
    what: 'a clock set to a word',
    method: 'PUT',
    path: '/v1/clock',
    body: { now: 'tomorrow' },
    status: 400,
    code: 'invalid_field',
    field: '/now',
  },
  {
    what: 'a clock with another field',
    method: 'PUT',
    path: '/v1/clock',
    body: { nows: '2026-01-01T00:00:00Z' },
    status: 400,
    code: 'unknown_field',
    field: '/nows',
    didYouMean: 'now',
  },
  {
    what: 'a decision log where none is kept',
    method: 'GET',
    path: '/v1/decisions-log',
    status: 404,
    code: 'no_decision_log',
    detail: /PERKBOOK_DECISION_LOG=file/,
  },
];
