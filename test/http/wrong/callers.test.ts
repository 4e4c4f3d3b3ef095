import { expect } from 'chai';
import { type Keyed, runWithKeys } from '../access/with-keys.ts';
import { SIX_LORAS } from '../running.ts';
import { DECISIONS, type Wrong } from './wrong.ts';

/** Every way to be the wrong one to ask; `who` is a key of its own each. */
const WRONG_CALLERS: readonly (Wrong & {
  readonly who: 'nobody' | 'admin' | 'reader' | 'shop' | 'busy' | 'stranger';
})[] = [
  { what: 'no key', who: 'nobody', body: SIX_LORAS, status: 401, code: 'unauthenticated' },
  { what: 'a key of another server', who: 'stranger', body: SIX_LORAS, status: 401, code: 'unauthenticated' },
  { what: 'no key where the question is wrong, too', who: 'nobody', body: {}, status: 401, code: 'unauthenticated' },
  { what: 'a key without the scope', who: 'reader', body: SIX_LORAS, status: 403, code: 'forbidden' },
  {
    what: 'another instant without `decide:at`',
    who: 'busy',
    body: { ...SIX_LORAS, at: '2026-11-22T10:00:00Z' },
    status: 403,
    code: 'forbidden',
    field: '/at',
  },
  {
    what: 'an action of somebody else’s rule set',
    who: 'shop',
    body: SIX_LORAS,
    status: 403,
    code: 'forbidden',
    field: '/action',
  },
  { what: 'too much', who: 'busy', body: SIX_LORAS, status: 429, code: 'too_many_requests' },
  {
    what: 'a key that was never made',
    who: 'admin',
    method: 'DELETE',
    path: '/v1/keys/pk_0000000000',
    status: 404,
    code: 'unknown_api_key',
  },
  {
    what: 'an id that no key has',
    who: 'admin',
    method: 'GET',
    path: '/v1/keys/shop',
    status: 400,
    code: 'invalid_id',
    field: '/id',
  },
];

describe('who asks wrongly', () => {
  let server: Keyed;
  const keys: Record<string, Readonly<Record<string, string>>> = {};

  before(async () => {
    server = await runWithKeys({ rateLimit: { requests: 12, perSeconds: 3_600 } });
    const other = await runWithKeys();
    Object.assign(keys, {
      nobody: {},
      admin: server.admin,
      reader: await server.key(['rules:read']),
      shop: await server.key(['decide'], { ruleSets: ['documents'] }),
      busy: await server.key(['decide']),
      stranger: other.admin,
    });
    await other.close();
  });
  after(() => server.close());

  for (const { what, who, method = 'POST', path = DECISIONS, body, status, code, field } of WRONG_CALLERS) {
    it(`${what}: ${status} ${code}`, async () => {
      if (status === 429) await server.post('/v1/decisions/batch', { questions: Array(12).fill(SIX_LORAS) }, keys[who]);
      const got = await server.send(method, path, body, keys[who]);
      expect(got.json, got.text).to.include({ status, code, type: `urn:perkbook:problem:${code}` });
      expect(got.json.field).to.equal(field);
      expect(got.headers.has('www-authenticate')).to.equal(status === 401 || 'scope' in got.json);
      expect(got.headers.has('retry-after')).to.equal(status === 429);
    });
  }
});
