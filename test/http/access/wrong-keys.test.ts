import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type Got, type Running, run, SIX_LORAS } from '../running.ts';
import { AUDIENCE, type Issuer, issuer, newKey } from './issuer.ts';
import { bearer, idIn } from './with-keys.ts';

const NOW = () => Math.floor(Date.now() / 1000);

/** As behind a proxy, where all callers have one address. */
describe('after too many wrong keys from one address', () => {
  let from: Issuer;
  let server: Running;
  const ask = (headers: Readonly<Record<string, string>>): Promise<Got> =>
    server.post('/v1/decisions', SIX_LORAS, headers);

  before(async () => {
    from = await issuer();
  });
  after(() => from.close());
  beforeEach(async () => {
    server = await run({ jwt: { issuer: from.url, audience: AUDIENCE, jwksUrl: from.jwksUrl } }, () => {});
    for (let i = 0; i < 40; i++) await ask(bearer(`pk_guess${i}`));
    expect((await ask(bearer('pk_guess'))).json.code).to.equal('too_many_wrong_keys');
  });
  afterEach(() => server.close());

  it('a token whose signature is right is told what is wrong with it: its bearer gets another one then', async () => {
    for (const [claims, says] of [
      [{ exp: NOW() - 60 }, /has expired/],
      [{ nbf: NOW() + 60 }, /not valid yet/],
      [{ exp: undefined }, /no claim `exp`/],
      [{ aud: 'other' }, /is not for `perkbook`/],
      [{ sub: '' }, /`sub` of the token/],
      [{ rule_sets: 'documents' }, /`rule_sets` of the token/],
    ] as const) {
      const { status, json, headers } = await ask(bearer(await from.token(claims)));
      expect([status, json.code], String(says)).to.deep.equal([401, 'unauthenticated']);
      expect(json.detail).to.match(says);
      expect(headers.get('www-authenticate')).to.include('error="invalid_token"');
    }
  });

  it('so is who has a key that was revoked or has expired', async () => {
    const admin = bearer(await from.token({ scope: 'admin' }));
    const made = async (more: object) =>
      bearer((await server.post('/v1/keys', { name: 'shop', scopes: ['decide'], ...more }, admin)).json.key);
    const revoked = await made({});
    await server.send('DELETE', `/v1/keys/${idIn(revoked)}`, undefined, admin);
    expect((await ask(revoked)).json).to.include({ status: 401, detail: 'the key was revoked' });
    const brief = await made({ expiresAt: new Date(Date.now() + 300).toISOString() });
    await sleep(400);
    expect((await ask(brief)).json.detail).to.match(/the key has expired/);
  });

  it('and nobody else', async () => {
    const stranger = await newKey('first');
    const wrong = ['pk_other', 'abc', '..', await from.token({}, { key: stranger.key })];
    for (const text of wrong) expect((await ask(bearer(text))).json.code, text).to.equal('too_many_wrong_keys');
    expect((await ask({ Authorization: 'Basic abc' })).json.code).to.equal('too_many_wrong_keys');
    expect((await ask({})).json).to.include({ status: 401, code: 'unauthenticated' });
    expect((await ask(bearer(await from.token()))).status).to.equal(200);
  });
});
