import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type Got, type Running, run, SIX_LORAS } from '../running.ts';
import { AUDIENCE, type Issuer, issuer, newKey } from './issuer.ts';
import { bearer } from './with-keys.ts';

const NOW = () => Math.floor(Date.now() / 1000);

describe('bearers of tokens', () => {
  let from: Issuer;
  let server: Running;

  before(async () => {
    from = await issuer();
  });
  after(() => from.close());
  beforeEach(async () => {
    from.publish(from.keys);
    const jwt = { issuer: from.url, audience: AUDIENCE, jwksUrl: from.jwksUrl };
    server = await run({ jwt }, () => {});
  });
  afterEach(() => server.close());

  const ask = (token: string, body: object = SIX_LORAS): Promise<Got> =>
    server.post('/v1/decisions', body, bearer(token));

  it('are believed, and nobody without a token is', async () => {
    expect((await server.post('/v1/decisions', SIX_LORAS)).status).to.equal(401);
    expect((await ask(await from.token())).json).to.include({ decision: 'deny' });
  });

  it('may what their scopes say, as text or list, in `scope` or `scp`; other words are nobody’s business', async () => {
    const at = { ...SIX_LORAS, at: '2026-12-01T00:00:00Z' };
    for (const claims of [
      { scope: 'openid decide decide:at' },
      { scope: undefined, scp: ['decide', 'decide:at'] },
      { scope: undefined, scp: 'decide:at decide' },
    ]) {
      expect((await ask(await from.token(claims), at)).status, JSON.stringify(claims)).to.equal(200);
    }
    for (const scope of ['decide', undefined, '', 'DECIDE decide:at', 'decide,decide:at']) {
      expect((await ask(await from.token({ scope }), at)).json, scope).to.include({ status: 403, code: 'forbidden' });
    }
    expect((await ask(await from.token({ scope: 'consume' }))).json.detail).to.include('`jwt:shop`');
  });

  it('speak for the rule sets in `rule_sets` only', async () => {
    expect((await ask(await from.token({ rule_sets: ['pixai-membership'] }))).status).to.equal(200);
    for (const ruleSets of [[], ['documents']])
      expect((await ask(await from.token({ rule_sets: ruleSets }))).status).to.equal(403);
    for (const ruleSets of ['pixai-membership', null, { 0: 'pixai-membership' }, [1]])
      expect((await ask(await from.token({ rule_sets: ruleSets }))).json.detail).to.match(/must be a list/);
    const admin = await from.token({ scope: 'admin', rule_sets: ['documents'] });
    const made = await server.post('/v1/keys', { name: 'x', scopes: ['admin'] }, bearer(admin));
    expect(made.json).to.include({ status: 403, code: 'forbidden' });
  });

  it('are not believed where anything is wrong', async () => {
    const stranger = await newKey('first');
    const unpublished = await newKey('second');
    const published = JSON.stringify(from.keys[0]);
    const asSecret = new TextEncoder().encode(published);
    const right = await from.token();
    const [head = '', body = '', signature = ''] = right.split('.');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`;
    const other = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url').toString()), scope: 'admin' }),
    );
    const table: readonly (readonly [string, string, RegExp])[] = [
      ['expired', await from.token({ exp: NOW() - 10 }), /has expired/],
      ['without an end', await from.token({ exp: undefined }), /no claim `exp`/],
      ['without a subject', await from.token({ sub: undefined }), /no claim `sub`/],
      ['of a number', await from.token({ sub: 123 }), /`sub` of the token must be a text/],
      ['of an object', await from.token({ sub: { a: 1 } }), /`sub` of the token must be a text/],
      ['of null', await from.token({ sub: null }), /`sub` of the token must be a text/],
      ['of nobody', await from.token({ sub: '' }), /`sub` of the token must be a text/],
      ['not valid yet', await from.token({ nbf: NOW() + 60 }), /not valid yet/],
      ['of another issuer', await from.token({ iss: 'https://evil.example' }), /is not from/],
      ['of an issuer that is not written as it is', await from.token({ iss: `${from.url}/` }), /is not from/],
      ['for somebody else', await from.token({ aud: 'other' }), /is not for `perkbook`/],
      ['for nobody', await from.token({ aud: undefined }), /no claim `aud`/],
      ['signed by somebody else', await from.token({}, { key: stranger.key }), /signature .* is wrong/],
      ['signed with a key that is not published', await from.token({}, unpublished), /does not publish/],
      ['not signed', none, /must be signed with one of/],
      [
        'signed with the public key as a secret',
        await from.token({}, { key: asSecret, alg: 'HS256' }),
        /must be signed/,
      ],
      ['with other claims', `${head}.${other.toString('base64url')}.${signature}`, /signature .* is wrong/],
      ['cut off', `${head}.${body}`, /neither a key nor a token/],
      ['no token', 'abc', /neither a key nor a token/],
      ['no header', '..', /neither a key nor a token/],
    ];
    for (const [what, token, says] of table) {
      const { status, json, text, headers } = await ask(token);
      expect([status, json.code], what).to.deep.equal([401, 'unauthenticated']);
      expect(json.detail, what).to.match(says);
      expect(headers.get('www-authenticate'), what).to.include('error="invalid_token"');
      if (token.length > 20) expect(text, what).to.not.include(token.slice(0, 20));
    }
    expect((await ask(right)).status).to.equal(200);
  });

  it('may have a clock that is a few seconds off', async () => {
    expect((await ask(await from.token({ exp: NOW() - 2, nbf: NOW() + 2 }))).status).to.equal(200);
  });

  it('are refused from the second on when they expire, also where they were believed before', async () => {
    const token = await from.token({ exp: NOW() - 3 });
    expect((await ask(token)).status).to.equal(200);
    await sleep(2_500);
    expect((await ask(token)).status).to.equal(401);
  }).timeout(10_000);

  it('are checked once, and then known', async () => {
    const token = await from.token();
    const before = from.fetches();
    for (let i = 0; i < 20; i++) expect((await ask(token)).status).to.equal(200);
    expect(from.fetches() - before).to.equal(1);
  });

  it('go on when the issuer changes its key', async () => {
    const old = await from.token();
    expect((await ask(old)).status).to.equal(200);
    const next = await newKey('next', 'RS256');
    from.publish([...from.keys, next.jwk]);
    // Unknown keys make the issuer be asked again, but not for each token that somebody makes up.
    await sleep(5_100);
    expect((await ask(await from.token({}, next))).status).to.equal(200);
    const before = from.fetches();
    const madeUp = await newKey('made-up');
    for (let i = 0; i < 10; i++) expect((await ask(await from.token({ jti: `${i}` }, madeUp))).status).to.equal(401);
    expect(from.fetches() - before).to.be.at.most(1);
    expect((await ask(await from.token({ jti: 'x' }))).status).to.equal(200);
  }).timeout(15_000);

  it('are told to come again while the keys of their issuer cannot be had', async () => {
    from.publish(undefined);
    const { status, json, headers } = await ask(await from.token());
    expect([status, json.code]).to.deep.equal([503, 'keys_unreachable']);
    expect(headers.get('retry-after')).to.equal('1');
  });

  it('may be beside API keys', async () => {
    const admin = await from.token({ scope: 'admin' });
    const made = await server.post('/v1/keys', { name: 'shop', scopes: ['decide'] }, bearer(admin));
    expect(made.status).to.equal(201);
    expect((await ask(made.json.key)).status).to.equal(200);
  });
});
