import { expect } from 'chai';
import { type Running, run, SIX_LORAS, STARTER_TERM } from '../running.ts';
import { bearer, idIn, type Keyed, runWithKeys } from './with-keys.ts';

const KEY = /^pk_[0-9a-z]{10}_[0-9A-Za-z]{49}$/;

describe('keys over HTTP', () => {
  let server: Running;
  before(async () => {
    server = await run({}, () => {});
  });
  after(() => server.close());

  it('are asked for from the moment when the first is made', async () => {
    expect(server.isOpen()).to.equal(true);
    expect((await server.post('/v1/decisions', SIX_LORAS)).status).to.equal(200);
    const made = await server.post('/v1/keys', { name: 'first', scopes: ['admin'] });
    expect(made.status).to.equal(201);
    expect(made.json.key).to.match(KEY);
    expect(made.headers.get('cache-control')).to.equal('no-store');
    expect(server.isOpen()).to.equal(false);
    expect((await server.post('/v1/decisions', SIX_LORAS)).json).to.include({ status: 401, code: 'unauthenticated' });
    expect((await server.post('/v1/decisions', SIX_LORAS, bearer(made.json.key))).status).to.equal(200);
    expect((await server.get('/healthz')).status).to.equal(200);
  });
});

describe('a server with keys', () => {
  let server: Keyed;
  before(async () => {
    server = await runWithKeys();
    await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] }, server.admin);
  });
  after(() => server.close());

  it('shows a key once, and its id from then on', async () => {
    const wanted = { name: 'the shop', scopes: ['decide', 'consume'], ruleSets: ['documents'] };
    const { json } = await server.post('/v1/keys', wanted, server.admin);
    expect(json).to.deep.include({ ...wanted, expiresAt: null, revokedAt: null, state: 'active' });
    expect(json.key.startsWith(`${json.id}_`)).to.equal(true);
    const { key: text, ...shown } = json;
    expect((await server.get(`/v1/keys/${json.id}`, server.admin)).json).to.deep.equal(shown);
    const all = await server.get('/v1/keys', server.admin);
    expect(all.json.keys).to.deep.include(shown);
    expect(all.text).to.not.include(text).and.not.include('hash');
  });

  it('refuses a revoked key at once, and keeps it in the list', async () => {
    const headers = await server.key(['decide']);
    const id = idIn(headers);
    expect((await server.post('/v1/decisions', SIX_LORAS, headers)).status).to.equal(200);
    expect((await server.send('DELETE', `/v1/keys/${id}`, undefined, server.admin)).status).to.equal(204);
    const refused = await server.post('/v1/decisions', SIX_LORAS, headers);
    expect(refused.json).to.include({ status: 401, detail: 'the key was revoked' });
    const again = await server.send('DELETE', `/v1/keys/${id}`, undefined, server.admin);
    expect(again.status).to.equal(204);
    expect((await server.get(`/v1/keys/${id}`, server.admin)).json).to.include({ state: 'revoked' });
  });

  it('refuses a key from the instant when it expires', async () => {
    const headers = await server.key(['decide'], { expiresAt: new Date(Date.now() + 300).toISOString() });
    expect((await server.post('/v1/decisions', SIX_LORAS, headers)).status).to.equal(200);
    await new Promise((resolve) => setTimeout(resolve, 350));
    expect((await server.post('/v1/decisions', SIX_LORAS, headers)).json.detail).to.include('has expired');
  });

  it('says what is wrong with who asks, and how to ask rightly', async () => {
    const { Authorization: right = '' } = await server.key(['decide']);
    const last = right.at(-1) === 'a' ? 'b' : 'a';
    const table: readonly (readonly [string | undefined, RegExp, boolean])[] = [
      [undefined, /send `Authorization: Bearer pk_…`/, false],
      ['', /send `Authorization: Bearer pk_…`/, false],
      ['Basic YTpi', /must be `Bearer`/, true],
      [right.slice(7), /must be `Bearer`/, true],
      ['Bearer', /must be `Bearer`/, true],
      ['Bearer sk_test', /no key of this server/, true],
      [right.slice(0, -1) + last, /mistyped/, true],
      [right.slice(0, -9), /mistyped/, true],
      [`Bearer pk_${'x'.repeat(8_000)}`, /mistyped/, true],
      ['Bearer pk_aaaaaaaaaa_0000000000000000000000000000000000000000000000000', /mistyped/, true],
    ];
    for (const [authorization, says, sent] of table) {
      const headers = authorization === undefined ? {} : { Authorization: authorization };
      const { status, json, headers: answered } = await server.post('/v1/decisions', SIX_LORAS, headers);
      expect([status, json.code], authorization).to.deep.equal([401, 'unauthenticated']);
      expect(json.detail, authorization).to.match(says);
      const expected = `Bearer realm="perkbook"${sent ? ', error="invalid_token"' : ''}`;
      expect(answered.get('www-authenticate'), authorization).to.equal(expected);
    }
    const lower = { Authorization: right.replace('Bearer', 'bearer ') };
    expect((await server.post('/v1/decisions', SIX_LORAS, lower)).status).to.equal(200);
  });

  it('knows no key of another server', async () => {
    const other = await runWithKeys();
    const { status, json } = await server.post('/v1/decisions', SIX_LORAS, other.admin);
    await other.close();
    expect([status, json.detail]).to.deep.equal([
      401,
      'the key is not known here: it belongs to another server, or was never made',
    ]);
  });

  const ALLOWED: Readonly<Record<string, readonly (readonly [string, string, unknown?])[]>> = {
    decide: [
      ['POST', '/v1/decisions', SIX_LORAS],
      ['POST', '/v1/decisions/batch', { questions: [SIX_LORAS] }],
      ['POST', '/v1/decisions/explain', SIX_LORAS],
      ['GET', '/v1/members/sam/perks'],
      ['GET', '/v1/members/sam/cancellation-preview'],
    ],
    consume: [['POST', '/v1/members/sam/consume', { action: 'generation.turbo', idempotencyKey: 'k' }]],
    'members:read': [
      ['GET', '/v1/members'],
      ['GET', '/v1/members/sam'],
    ],
    'members:write': [['PATCH', '/v1/members/sam', {}]],
    'rules:read': [
      ['GET', '/v1/rule-sets'],
      ['GET', '/v1/rule-sets/documents'],
      ['GET', '/v1/rule-sets/documents/drafts'],
    ],
    admin: [['GET', '/v1/keys']],
  };

  for (const [scope, requests] of Object.entries(ALLOWED)) {
    it(`lets a key with \`${scope}\` do that, and nobody else`, async () => {
      const key = await server.key([scope]);
      const others = Object.keys(ALLOWED).filter((each) => each !== scope && each !== 'admin');
      const without = await server.key([...others, 'decide:at', 'rules:write', 'rules:publish', 'log:read']);
      for (const [method, path, body] of requests) {
        const allowed = await server.send(method, path, body, key);
        expect(allowed.status, `${method} ${path}: ${allowed.text}`).to.equal(200);
        const refused = await server.send(method, path, body, without);
        expect(refused.json, path).to.include({ status: 403, code: 'forbidden', scope });
        expect(refused.headers.get('www-authenticate')).to.equal(
          `Bearer realm="perkbook", error="insufficient_scope", scope="${scope}"`,
        );
      }
    });
  }

  it('lets only a key with `decide:at` ask about another instant', async () => {
    const [now, at] = await Promise.all([
      server.key(['decide', 'consume']),
      server.key(['decide', 'consume', 'decide:at']),
    ]);
    const instant = '2026-12-24T00:00:00Z';
    const asked = { ...SIX_LORAS, at: instant };
    const requests: readonly (readonly [string, string, unknown?])[] = [
      ['POST', '/v1/decisions', asked],
      ['POST', '/v1/decisions/explain', asked],
      ['GET', `/v1/members/sam/perks?at=${instant}`],
      ['GET', `/v1/members/sam/cancellation-preview?at=${instant}`],
      ['POST', '/v1/members/sam/consume', { action: 'lora.train_free', idempotencyKey: 'later', at: instant }],
    ];
    for (const [method, path, body] of requests) {
      const { json } = await server.send(method, path, body, now);
      expect(json, path).to.include({ status: 403, scope: 'decide:at', field: '/at' });
      expect((await server.send(method, path, body, at)).status, path).to.equal(200);
    }
    const mixed = { questions: [SIX_LORAS, asked] };
    const { json } = await server.post('/v1/decisions/batch', mixed, now);
    expect(json.decisions[0]).to.include({ user: 'sam' });
    expect(json.decisions[1].error).to.include({ status: 403, code: 'forbidden', field: '/at' });
    const whole = await server.post('/v1/decisions/batch', { questions: [SIX_LORAS], at: instant }, now);
    expect(whole.json.decisions[0].error).to.include({ status: 403, code: 'forbidden' });
    expect((await server.post('/v1/decisions/batch', mixed, at)).json.decisions[1]).to.include({ user: 'sam' });
  });

  it('refuses what no key can be', async () => {
    const table: readonly (readonly [unknown, string, string, RegExp?])[] = [
      [{ name: 'x', scopes: [] }, 'invalid_field', '/scopes'],
      [{ name: 'x', scopes: ['decide', 'decid'] }, 'invalid_field', '/scopes/1', /^`scopes\[1\]` must be one of /],
      [{ name: '', scopes: ['decide'] }, 'invalid_field', '/name'],
      [{ name: 'a\nb', scopes: ['decide'] }, 'invalid_field', '/name'],
      [{ scopes: ['decide'] }, 'missing_field', '/name'],
      [{ name: 'x', scopes: ['admin'], ruleSets: ['documents'] }, 'invalid_field', '/ruleSets'],
      [{ name: 'x', scopes: ['decide'], expiresAt: '2020-01-01T00:00:00Z' }, 'invalid_field', '/expiresAt'],
      [{ name: 'x', scopes: ['decide'], expiresAt: 'soon' }, 'invalid_field', '/expiresAt'],
      [{ name: 'x', scopes: ['decide'], scope: 'admin' }, 'unknown_field', '/scope'],
    ];
    for (const [body, code, field, says = /./] of table) {
      const { json } = await server.post('/v1/keys', body, server.admin);
      expect(json, JSON.stringify(body)).to.include({ status: 400, code, field });
      expect(json.detail).to.match(says);
    }
  });

  it('refuses a key for a rule set that is not there, unless the key may make the rule set', async () => {
    const wanted = { name: 'x', scopes: ['decide', 'consume'], ruleSets: ['documents', 'pixai-membreship'] };
    const { json } = await server.post('/v1/keys', wanted, server.admin);
    const field = '/ruleSets/1';
    expect(json).to.include({ status: 404, code: 'unknown_rule_set', field, didYouMean: 'pixai-membership' });
    expect(json.detail).to.match(/^there is no rule set `pixai-membreship`; .*`rules:write` or `rules:publish`/);
    for (const scope of ['rules:write', 'rules:publish']) {
      const made = await server.post('/v1/keys', { name: 'ci', scopes: [scope], ruleSets: ['shop'] }, server.admin);
      expect([made.status, made.json.warning]).to.deep.equal([201, 'there is no rule set `shop` yet']);
    }
    const made = await server.post('/v1/keys', { ...wanted, ruleSets: ['documents'] }, server.admin);
    expect(made.json).to.not.have.property('warning');
  });
});
