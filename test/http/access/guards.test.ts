import { expect } from 'chai';
import { newMember } from '../../../src/domain/member.ts';
import { type Running, run, STARTER_TERM } from '../running.ts';

describe('guards of writes', () => {
  let server: Running;
  before(async () => {
    server = await run();
  });
  after(() => server.close());

  it('need quotes, and say so', async () => {
    await server.send('PUT', '/v1/members/quotes', {});
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const body = method === 'DELETE' ? undefined : {};
      const { json } = await server.send(method, '/v1/members/quotes', body, { 'If-Match': '1' });
      expect(json).to.include({ status: 400, code: 'invalid_field' });
      expect(json.detail).to.include('`If-Match: "1"`');
    }
    const garbage = await server.send('PUT', '/v1/members/quotes', {}, { 'If-None-Match': '"1" or so' });
    expect(garbage.json).to.include({ status: 400, code: 'invalid_field' });
    for (const fine of ['"1"', '*', '"7", "1"', ' "1" ']) {
      expect((await server.send('PUT', '/v1/members/quotes', {}, { 'If-Match': fine })).status, fine).to.equal(200);
    }
  });

  it('tell who wanted to create what is there how to go on', async () => {
    await server.send('PUT', '/v1/members/there', {});
    const { json } = await server.send('PUT', '/v1/members/there', {}, { 'If-None-Match': '*' });
    expect(json).to.include({ status: 412, code: 'stale_revision' });
    expect(json.detail)
      .to.include('revision 1')
      .and.include('leave `If-None-Match` out')
      .and.not.include('read it again');
  });

  it('may be a revision in the body', async () => {
    await server.send('PUT', '/v1/members/body', {});
    await server.send('PUT', '/v1/members/body', { holdings: { private_models: 2 } });
    for (const method of ['PUT', 'PATCH']) {
      const stale = await server.send(method, '/v1/members/body', { revision: 1, holdings: { private_models: 9 } });
      expect(stale.json).to.include({ status: 412, code: 'stale_revision' });
      expect((await server.send(method, '/v1/members/body', { revision: 2 })).status).to.equal(200);
    }
    expect((await server.send('PUT', '/v1/members/nobody', { revision: 3 })).status).to.equal(412);
  });

  it('guard a consume and a release too, but never the answer to the same key', async () => {
    await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] });
    const ask = { action: 'lora.train_free', idempotencyKey: 'k' };
    const path = '/v1/members/sam/consume';
    expect((await server.post(path, ask, { 'If-Match': '"9"' })).json).to.include({ code: 'stale_revision' });
    expect((await server.post(path, ask, { 'If-Match': '"1"' })).json).to.include({ consumed: 1, revision: 2 });
    expect((await server.post(path, ask, { 'If-Match': '"1"' })).json).to.include({ replayed: true });
    const release = { idempotencyKey: 'k' };
    const stale = await server.post('/v1/members/sam/release', release, { 'If-Match': '"1"' });
    expect(stale.json).to.include({ code: 'stale_revision' });
    expect((await server.post('/v1/members/sam/release', release, { 'If-Match': '"2"' })).json).to.include({
      released: 1,
    });
  });
});

describe('a key of 128 characters', () => {
  it('may be of any characters, where it is consumed with and where it is released', async () => {
    const server = await run();
    try {
      const idempotencyKey = '\u{1f600}'.repeat(128);
      const consumed = await server.post('/v1/members/sam/consume', { action: 'credits.daily.claim', idempotencyKey });
      expect(consumed.status).to.equal(200);
      const released = await server.post('/v1/members/sam/release', { idempotencyKey });
      expect(released.json).to.include({ released: 1, alreadyReleased: false });
      const again = await server.post('/v1/members/sam/release', { idempotencyKey });
      expect(again.json).to.include({ released: 0, alreadyReleased: true });
      const longer = { idempotencyKey: `${idempotencyKey}x` };
      expect((await server.post('/v1/members/sam/release', longer)).status).to.equal(400);
    } finally {
      await server.close();
    }
  });
});

describe('what is asked for briefly', () => {
  let server: Running;
  before(async () => {
    server = await run();
  });
  after(() => server.close());

  it('is answered briefly by a consume', async () => {
    const ask = { action: 'credits.daily.claim', idempotencyKey: 'k', detail: 'brief' };
    const path = '/v1/members/brief/consume';
    const first = { decision: 'allow', code: null, validUntil: '2026-11-23T00:00:00.000Z', consumed: 1, revision: 1 };
    expect((await server.post(path, ask)).json).to.deep.equal(first);
    expect((await server.post(path, ask)).json).to.deep.equal({ ...first, replayed: true });
    const denied = await server.post(path, { ...ask, idempotencyKey: 'l' });
    expect(denied.json)
      .to.include({ decision: 'deny', code: 'already_claimed', consumed: 0 })
      .and.not.have.key('after');
  });

  it('is refused by an explanation', async () => {
    const { json } = await server.post('/v1/decisions/explain', {
      user: 'sam',
      action: 'generation.turbo',
      detail: 'brief',
    });
    expect(json).to.include({ status: 400, code: 'invalid_field', field: '/detail' });
  });

  it('and an item of a batch that is no question is called one', async () => {
    const { json } = await server.post('/v1/decisions/batch', { questions: [5, null, []] });
    for (const { error } of json.decisions) expect(error).to.include({ detail: 'the question must be an object' });
  });
});

describe('what a patch does not touch', () => {
  it('need not be right any more', async () => {
    const server = await run();
    try {
      const old = {
        ...newMember('old'),
        terms: [{ tier: 'platinum', channel: 'web' as const, startsAt: 0, endsAt: 1 }],
        holdings: { private_models: 2 ** 54, 'Old Stickers': 1 },
        usage: { 'gone-perk': [{ at: 0, amount: -1 }] },
        attributes: { role: 'x', text: 'x'.repeat(5000) },
      };
      await server.store.update('old', () => ({ result: 0, write: { member: old } }));
      const patch = async (body: object) => server.send('PATCH', '/v1/members/old', body);
      expect((await patch({ attributes: { role: 'admin' } })).status).to.equal(200);
      expect((await patch({ usage: { daily_credits: [] }, holdings: { 'Old Stickers': null } })).status).to.equal(200);
      expect(await server.store.get('old')).to.deep.include({
        terms: old.terms,
        holdings: { private_models: 2 ** 54 },
        usage: { ...old.usage, daily_credits: [] },
        attributes: { role: 'admin', text: old.attributes.text },
      });
      expect((await patch({ holdings: { private_models: 2 ** 54 } })).json).to.include({
        status: 422,
        field: '/holdings/private_models',
      });
      expect((await patch({ holdngs: null })).json).to.include({ status: 400, code: 'unknown_field' });
    } finally {
      await server.close();
    }
  });

  it('a consume stops before a holding that no number tells exactly', async () => {
    const server = await run();
    try {
      await server.send('PUT', '/v1/members/sam', {
        terms: [STARTER_TERM],
        holdings: { private_models: Number.MAX_SAFE_INTEGER - 1 },
        extras: [{ perk: 'private_models', amount: Number.MAX_SAFE_INTEGER }],
      });
      const upload = (amount: number, idempotencyKey: string) =>
        server.post('/v1/members/sam/consume', { action: 'private_model.upload', amount, idempotencyKey });
      expect((await upload(1, 'a')).json).to.include({ consumed: 1 });
      expect((await upload(1, 'b')).json).to.include({ status: 422, code: 'invalid_member', field: '/amount' });
      expect((await server.send('PATCH', '/v1/members/sam', { attributes: { a: 1 } })).status).to.equal(200);
    } finally {
      await server.close();
    }
  });
});
