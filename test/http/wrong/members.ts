import { MEMBER, type Wrong } from './wrong.ts';

export const WRONG_MEMBERS: readonly Wrong[] = [
  { what: 'an unknown member', method: 'GET', path: '/v1/members/nobody', status: 404, code: 'unknown_member' },
  {
    what: 'a tier that is not there',
    method: 'PUT',
    path: MEMBER,
    body: {
      terms: [{ tier: 'statrer', channel: 'web', startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-02-01T00:00:00Z' }],
    },
    status: 422,
    code: 'invalid_member',
    field: '/terms/0/tier',
    didYouMean: 'starter',
  },
  {
    what: 'a term of the first tier',
    method: 'PUT',
    path: MEMBER,
    body: {
      terms: [{ tier: 'free', channel: 'web', startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-02-01T00:00:00Z' }],
    },
    status: 422,
    code: 'invalid_member',
    field: '/terms/0/tier',
  },
  {
    what: 'a term that ends as it starts',
    method: 'PUT',
    path: MEMBER,
    body: {
      terms: [{ tier: 'pro', channel: 'web', startsAt: '2026-01-01T00:00:00Z', endsAt: '2026-01-01T00:00:00Z' }],
    },
    status: 422,
    code: 'invalid_member',
    field: '/terms/0/endsAt',
  },
  {
    what: 'a negative holding',
    method: 'PUT',
    path: MEMBER,
    body: { holdings: { private_models: -1 } },
    status: 422,
    code: 'invalid_member',
    field: '/holdings/private_models',
  },
  {
    what: 'a path whose percent-encoding is broken',
    method: 'GET',
    path: '/v1/members/%zz',
    status: 400,
    code: 'invalid_id',
  },
  {
    what: 'a user in the path with a control character',
    method: 'GET',
    path: '/v1/members/a%07',
    status: 400,
    code: 'invalid_id',
    field: '/id',
  },
  {
    what: 'a merge patch that is no object',
    method: 'PATCH',
    path: MEMBER,
    body: [],
    status: 400,
    code: 'invalid_field',
    field: '',
  },
];
