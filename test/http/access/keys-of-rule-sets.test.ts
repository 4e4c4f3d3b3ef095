import { expect } from 'chai';
import { type Publishing, runPublishing, SHOP, shop, YAML } from '../../rule-sets/publishing.ts';
import { SIX_LORAS, STARTER_TERM } from '../running.ts';
import { idIn, type Keys, withKeys } from './with-keys.ts';

const DOCUMENT = {
  user: 'sam',
  action: 'document.read',
  resource: { type: 'document', id: 'd-1', properties: { visibility: 'public', owner: 'sam' } },
};
const may = (name: string) => ({
  subject: { type: 'user', id: 'sam' },
  action: { name },
  resource: { type: 'x', id: 'y' },
});
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
    const used = await server.send('POST', '/v1/members/sam/consume', CONSUME, memberKey);
    expect(used.json).to.include({ consumed: 1 });
    for (const [method, path, body] of requests) {
      const { json } = await server.send(method, path, body, shopKey);
      expect(json, path).to.include({ status: 403, code: 'forbidden' });
      expect(json.detail, path).to.match(new RegExp(`^\`${idIn(shopKey)}\` does not speak for `));
      expect(JSON.stringify(json), path).to.not.include('pixai');
    }
    // In this order: what is consumed can be released.
    for (const [method, path, body] of requests) {
      expect((await server.send(method, path, body, memberKey)).status, path).to.equal(200);
    }
    expect((await server.post('/v1/decisions', ENTER, memberKey)).json).to.include({ status: 403, code: 'forbidden' });
    expect((await server.post('/v1/decisions', DOCUMENT, memberKey)).status).to.be.oneOf([403, 400]);
  });

  it('uses up by its own rules and gives that back, whatever else the member has', async () => {
    const documentKey = await server.key(ALL, { ruleSets: ['documents'] });
    const { user: _sam, ...read } = DOCUMENT;
    const job = { idempotencyKey: 'job-1' };
    const [consume, release] = ['/v1/members/sam/consume', '/v1/members/sam/release'];
    expect((await server.post(consume, { ...read, ...job }, documentKey)).json).to.include({ decision: 'allow' });
    const taken = await server.post(consume, { ...CONSUME, ...job }, memberKey);
    expect(taken.json).to.include({ status: 409, code: 'key_reused', field: '/idempotencyKey' });
    const others = await server.post(release, job, memberKey);
    expect(others.json).to.include({ status: 403, code: 'forbidden', field: '/idempotencyKey' });
    expect(taken.text + others.text).to.not.match(/document|another/);
    const own = await server.post(release, job, documentKey);
    expect(own.json, own.text).to.include({ alreadyReleased: false });
    expect((await server.post(release, { idempotencyKey: 'never' }, documentKey)).json).to.include({ status: 404 });
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

  it('learns nothing of others by asking: neither their names, nor their actions, nor what these need', async () => {
    const asked = (question: object) => ({ user: 'sam', ...question });
    const others = [
      { action: 'generation.create', input: { loras: 'six' } },
      { action: 'generation.turb' },
      { action: 'no.such.action' },
      { action: 'generation.turbo', ruleSet: 'pixai-membership' },
      { action: 'generation.turbo', ruleSet: 'never-heard-of' },
      { action: 'shop.enter', ruleSet: 'never-heard-of' },
    ];
    for (const question of others) {
      const { action, ruleSet } = question as { readonly action: string; readonly ruleSet?: string };
      // What it says itself may be repeated.
      const own = new RegExp([action, ruleSet ?? action].map((each) => `\`${each}\``).join('|'), 'g');
      const requests: readonly (readonly [string, object])[] = [
        ['/v1/decisions', asked(question)],
        ['/v1/decisions/explain', asked(question)],
        ['/v1/members/sam/consume', { ...question, idempotencyKey: 'x' }],
      ];
      for (const [path, body] of requests) {
        const { json, text } = await server.post(path, body, shopKey);
        expect(json, `${path} ${text}`).to.include({ status: 403, code: 'forbidden' });
        expect(text.replace(own, ''), path).to.not.match(/pixai|documents|turbo|didYouMean/);
      }
      const evaluation = {
        subject: { type: 'user', id: 'sam' },
        action: { name: action },
        resource: { type: 'x', id: 'y' },
        ...(ruleSet === undefined ? {} : { context: { perkbook: { ruleSet } } }),
      };
      const { json, text } = await server.post('/access/v1/evaluation', evaluation, shopKey);
      expect(json, text).to.include({ status: 403, code: 'forbidden' });
      expect(text.replace(own, '')).to.not.match(/pixai|documents|turbo|didYouMean/);
    }
    for (const id of ['pixai-membership', 'never-heard-of']) {
      const named = { ...may('shop.enter'), resource: { type: 'ruleSet', id } };
      const { json } = await server.post('/access/v1/evaluation', named, shopKey);
      expect(json, id).to.include({ status: 403, field: '/resource/id' });
    }
  });

  it('is told what it probably meant of its own', async () => {
    const { json } = await server.post('/v1/decisions', { ...ENTER, action: 'shop.entr' }, shopKey);
    expect(json).to.include({ status: 403, field: '/action', didYouMean: 'shop.enter' });
    const named = await server.post('/v1/decisions', { ...ENTER, action: 'shop.entr', ruleSet: 'shop' }, shopKey);
    expect(named.json).to.include({ status: 404, code: 'unknown_action', didYouMean: 'shop.enter' });
    const evaluated = await server.post('/access/v1/evaluation', may('shop.entr'), shopKey);
    expect(evaluated.json).to.include({ status: 403, field: '/action/name', didYouMean: 'shop.enter' });
  });

  it('asks about one of its own that is not there yet, and is told only of those that are', async () => {
    const soon = await server.key(ALL, { ruleSets: ['shop', 'soon'] });
    const { json } = await server.post('/v1/decisions', { ...ENTER, ruleSet: 'soon' }, soon);
    expect(json).to.include({ status: 404, detail: 'there is no rule set `soon`; there is `shop`' });
    const listed = await server.get('/v1/rule-sets/soon', soon);
    expect(listed.json).to.include({ status: 404, detail: 'there is no rule set `soon`; there is `shop`' });
    const nothing = await server.key(ALL, { ruleSets: ['soon'] });
    const alone = await server.get('/v1/rule-sets/soon', nothing);
    expect(alone.json).to.include({ status: 404, detail: 'there is no rule set `soon`' });
    expect((await server.get('/v1/members/sam/perks', nothing)).status).to.equal(403);
  });

  it('sees no metrics, which are about all of them', async () => {
    expect((await server.get('/metrics', shopKey)).json).to.include({ status: 403, code: 'forbidden' });
    expect((await server.get('/metrics', await server.key(['log:read']))).status).to.equal(200);
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
