import { expect } from 'chai';
import { type Publishing, runPublishing, SHOP, shop, YAML } from '../rule-sets/publishing.ts';
import { SIX_LORAS, STARTER_TERM } from './running.ts';
import { idIn, type Keys, withKeys } from './with-keys.ts';

const DOCUMENT = {
  user: 'sam',
  action: 'document.read',
  resource: { type: 'document', id: 'd-1', properties: { visibility: 'public', owner: 'sam' } },
};
const ALL = ['decide', 'decide:at', 'consume', 'rules:read', 'rules:write', 'rules:publish', 'log:read'];

describe('a key that speaks for some rule sets only', () => {
  let server: Publishing & Keys;
  let shopKey: Readonly<Record<string, string>>;
  let memberKey: Readonly<Record<string, string>>;

  before(async () => {
    server = await withKeys(await runPublishing());
    await server.publish(SHOP, 0, '', server.admin);
    await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] }, server.admin);
    shopKey = await server.key(ALL, { ruleSets: ['shop'] });
    memberKey = await server.key(ALL, { ruleSets: ['pixai-membership'] });
  });
  after(() => server.close());

  const ENTER = { user: 'sam', action: 'shop.enter', input: { age: 20 } };
  const CONSUME = { action: 'lora.train_free', idempotencyKey: 'k' };

  it('asks about these, and about no other', async () => {
    expect((await server.post('/v1/decisions', ENTER, shopKey)).json).to.include({ decision: 'allow' });
    const requests: readonly (readonly [string, string, unknown?])[] = [
      ['POST', '/v1/decisions', SIX_LORAS],
      ['POST', '/v1/decisions/explain', SIX_LORAS],
      ['POST', '/v1/members/sam/consume', CONSUME],
      ['POST', '/v1/members/sam/release', { idempotencyKey: 'k' }],
      ['GET', '/v1/members/sam/perks'],
      ['GET', '/v1/members/sam/cancellation-preview'],
    ];
    for (const [method, path, body] of requests) {
      const { json } = await server.send(method, path, body, shopKey);
      expect(json, path).to.include({ status: 403, code: 'forbidden' });
      expect(json.detail, path).to.equal(`\`${idIn(shopKey)}\` does not speak for the rule set \`pixai-membership\``);
    }
    // In this order: what is consumed can be released.
    for (const [method, path, body] of requests) {
      expect((await server.send(method, path, body, memberKey)).status, path).to.equal(200);
    }
    expect((await server.post('/v1/decisions', ENTER, memberKey)).json).to.include({ status: 403, code: 'forbidden' });
    expect((await server.post('/v1/decisions', DOCUMENT, memberKey)).status).to.be.oneOf([403, 400]);
  });

  it('gets the refusal in the place of the question, in a batch', async () => {
    const { status, json } = await server.post(
      '/v1/decisions/batch',
      { questions: [ENTER, SIX_LORAS, ENTER] },
      shopKey,
    );
    expect(status).to.equal(200);
    expect(json.decisions[1].error).to.include({ status: 403, code: 'forbidden' });
    expect([json.decisions[0].decision, json.decisions[2].decision]).to.deep.equal(['allow', 'allow']);
  });

  it('sees only these rule sets, and is not told which others there are', async () => {
    const { json } = await server.get('/v1/rule-sets', shopKey);
    expect(json.ruleSets.map(({ id }: { readonly id: string }) => id)).to.deep.equal(['shop']);
    for (const id of ['pixai-membership', 'never-heard-of']) {
      const requests: readonly (readonly [string, string, string?])[] = [
        ['GET', ''],
        ['GET', '/versions'],
        ['GET', '/versions/1'],
        ['GET', '/matrix'],
        ['GET', '/diff?from=1&to=1'],
        ['GET', '/drafts'],
        ['GET', '/drafts/anna'],
        ['PUT', '/drafts/anna', SHOP],
        ['DELETE', '/drafts/anna'],
        ['POST', '/drafts/anna/publish?note=x'],
        ['POST', '/validate', SHOP],
        ['POST', '/impact', SHOP],
        ['PUT', '/shadow', SHOP],
        ['GET', '/shadow'],
        ['DELETE', '/shadow'],
        ['POST', '/versions?note=x', SHOP],
        ['DELETE', '/versions/1'],
        ['POST', '/rollback', '{"to":1,"note":"x"}'],
      ];
      for (const [method, path, body] of requests) {
        const type = path === '/rollback' ? {} : YAML;
        const sent = { ...shopKey, ...(body === undefined ? {} : type) };
        const refused = await server.send(method, `/v1/rule-sets/${id}${path}`, body, sent);
        expect(refused.json, `${method} ${id}${path}`).to.include({ status: 403, code: 'forbidden' });
      }
    }
    expect((await server.get('/v1/rule-sets/shop/versions/1', shopKey)).status).to.equal(200);
    expect(
      (await server.send('PUT', '/v1/rule-sets/shop/shadow', shop(2, 21), { ...shopKey, ...YAML })).status,
    ).to.equal(200);
  });

  it('makes no keys, also where a token gives it `admin`', async () => {
    const { json } = await server.post('/v1/keys', { name: 'x', scopes: ['decide'] }, shopKey);
    expect(json).to.include({ status: 403, scope: 'admin' });
  });

  it('is written down as the author of what it publishes, and what it calls itself beside', async () => {
    const published = await server.publish(shop(2, 19), 1, '', { ...shopKey, 'X-Perkbook-Author': 'anna' });
    expect(published.status, published.text).to.equal(201);
    const put = { ...shopKey, ...YAML };
    await server.send('PUT', '/v1/rule-sets/shop/drafts/bob', shop(3, 20, '2026-11-22T12:00:01Z'), put);
    const guard = { ...shopKey, 'If-Match': '"2"' };
    const drafted = await server.send('POST', '/v1/rule-sets/shop/drafts/bob/publish?note=why', undefined, guard);
    expect(drafted.status, drafted.text).to.equal(201);
    const back = await server.post('/v1/rule-sets/shop/rollback', { to: 1, note: 'back' }, shopKey);
    expect(back.status, back.text).to.be.oneOf([201, 409]);
    const { json } = await server.get('/v1/rule-sets/shop/versions', shopKey);
    const authors = json.versions.map(({ author }: { readonly author: string }) => author);
    expect(authors.slice(0, 3)).to.deep.equal([
      idIn(server.admin),
      `${idIn(shopKey)} (anna)`,
      `${idIn(shopKey)} (bob)`,
    ]);
    const secret = { ...shopKey, 'X-Perkbook-Author': shopKey.Authorization?.slice(7) ?? '' };
    expect((await server.publish(shop(4, 19), 3, '', secret)).json).to.include({ status: 400, field: '/author' });
  });
});
