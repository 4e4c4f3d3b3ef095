import { expect } from 'chai';
import { type Running, run, STARTER_TERM } from './running.ts';

describe('members over HTTP', () => {
  let server: Running;
  beforeEach(async () => {
    server = await run();
  });
  afterEach(() => server.close());

  it('are created with 201, replaced with 200, and read back as they were given', async () => {
    const facts = {
      terms: [STARTER_TERM],
      holdings: { private_models: 12 },
      usage: { free_lora_training: [{ at: '2026-11-12T00:00:00.000Z', amount: 1, key: 'job-81' }] },
      extras: [{ perk: 'free_lora_training', amount: 2, until: '2026-12-01T00:00:00.000Z', note: 'support case 4711' }],
      attributes: { role: 'admin' },
    };
    const created = await server.send('PUT', '/v1/members/sam', facts);
    expect(created.status).to.equal(201);
    expect(created.headers.get('etag')).to.equal('"1"');
    const { json } = await server.get('/v1/members/sam');
    expect(json).to.deep.equal({ id: 'sam', revision: 1, ...facts, conflicts: [] });
    const replaced = await server.send('PUT', '/v1/members/sam', { terms: [] });
    expect(replaced.status).to.equal(200);
    expect(replaced.json).to.deep.include({
      revision: 2,
      terms: [],
      holdings: { private_models: 12 },
      usage: facts.usage,
    });
  });

  it('are patched by a merge patch, under either content type', async () => {
    await server.send('PUT', '/v1/members/sam', {
      holdings: { private_models: 3 },
      attributes: { role: 'admin', team: 'a' },
    });
    const patched = await server.send(
      'PATCH',
      '/v1/members/sam',
      { attributes: { team: null } },
      { 'Content-Type': 'application/merge-patch+json' },
    );
    expect(patched.status).to.equal(200);
    expect(patched.json).to.deep.include({ attributes: { role: 'admin' }, holdings: { private_models: 3 } });
    expect((await server.send('PATCH', '/v1/members/sam', { holdings: null })).json.holdings).to.deep.equal({});
  });

  it('are deleted, twice without a problem, and then unknown', async () => {
    await server.send('PUT', '/v1/members/sam', { attributes: { a: 1 } });
    for (const _ of [1, 2]) {
      const { status, text } = await server.send('DELETE', '/v1/members/sam');
      expect([status, text]).to.deep.equal([204, '']);
    }
    expect((await server.get('/v1/members/sam')).json.code).to.equal('unknown_member');
  });

  it('are tagged with their revision: 304 for who has it, 412 for who writes on an old one', async () => {
    const { headers } = await server.send('PUT', '/v1/members/sam', { attributes: { a: 1 } });
    const tag = headers.get('etag') ?? '';
    const same = await server.get('/v1/members/sam', { 'If-None-Match': tag });
    expect([same.status, same.text, same.headers.get('etag')]).to.deep.equal([304, '', tag]);
    expect((await server.get('/v1/members/sam', { 'If-None-Match': `"0", W/${tag}` })).status).to.equal(304);
    expect((await server.get('/v1/members/sam', { 'If-None-Match': '"7"' })).status).to.equal(200);

    const written = await server.send('PUT', '/v1/members/sam', { attributes: { a: 2 } }, { 'If-Match': tag });
    expect(written.status).to.equal(200);
    for (const [method, body] of [
      ['PUT', { attributes: { a: 3 } }],
      ['PATCH', { attributes: { a: 3 } }],
      ['DELETE', undefined],
    ] as const) {
      const stale = await server.send(method, '/v1/members/sam', body, { 'If-Match': tag });
      expect(stale.json, method).to.include({ status: 412, code: 'stale_revision' });
    }
    expect((await server.get('/v1/members/sam')).json.attributes).to.deep.equal({ a: 2 });
  });

  it('are only created with `If-None-Match: *`, only changed with `If-Match: *`', async () => {
    const put = (header: string) => server.send('PUT', '/v1/members/sam', { attributes: { a: 1 } }, { [header]: '*' });
    expect((await put('If-Match')).status).to.equal(412);
    expect((await put('If-None-Match')).status).to.equal(201);
    expect((await put('If-None-Match')).status).to.equal(412);
    expect((await put('If-Match')).status).to.equal(200);
  });

  it('have ids with any character but control characters', async () => {
    const path = `/v1/members/${encodeURIComponent('ü/😀?#%.é')}`;
    expect((await server.send('PUT', path, { attributes: { a: 1 } })).status).to.equal(201);
    expect((await server.get(path)).json.id).to.equal('ü/😀?#%.é');
    expect(
      (await server.get('/v1/members')).json.members.map((member: { readonly id: string }) => member.id),
    ).to.deep.equal(['ü/😀?#%.é']);
  });

  it('come in pages, each saying what comes next', async () => {
    for (const id of ['c', 'a', 'b', 'd', 'e']) await server.send('PUT', `/v1/members/${id}`, { attributes: { a: 1 } });
    const pages: string[][] = [];
    for (let after = ''; ; ) {
      const { json } = await server.get(`/v1/members?limit=2${after}`);
      pages.push(json.members.map((member: { readonly id: string }) => member.id));
      if (json.next === null) break;
      after = `&after=${encodeURIComponent(json.next)}`;
    }
    expect(pages).to.deep.equal([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('have terms of their own address: put twice is once, delete twice is no problem', async () => {
    const { id: _, ...term } = STARTER_TERM;
    const put = await server.send('PUT', '/v1/members/sam/terms/sub_1', term);
    expect([put.status, put.json.terms]).to.deep.equal([201, [STARTER_TERM]]);
    const again = await server.send('PUT', '/v1/members/sam/terms/sub_1', term);
    expect([again.status, again.json.revision]).to.deep.equal([200, 1]);
    const wrong = await server.send('PUT', '/v1/members/sam/terms/sub_2', { ...term, channel: 'fax' });
    expect(wrong.json).to.include({ status: 422, field: '/channel' });
    const gone = await server.send('DELETE', '/v1/members/sam/terms/sub_1');
    expect([gone.status, gone.json.terms]).to.deep.equal([200, []]);
    expect((await server.send('DELETE', '/v1/members/sam/terms/sub_1')).status).to.equal(200);
    expect((await server.send('DELETE', '/v1/members/nobody/terms/sub_1')).status).to.equal(204);
  });

  it('show overlapping terms as conflicts', async () => {
    const { json } = await server.send('PUT', '/v1/members/sam', {
      terms: [STARTER_TERM, { ...STARTER_TERM, id: 'sub_2', tier: 'pro' }],
    });
    expect(json.conflicts).to.have.length(1);
    expect(json.conflicts[0]).to.deep.include({ terms: ['sub_1', 'sub_2'], counts: 'pro' });
  });

  it('have perks, now and at another instant', async () => {
    await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] });
    const now = await server.get('/v1/members/sam/perks');
    expect(now.json).to.include({ tier: 'starter', membership: 'active' });
    expect(now.json.perks.free_lora_training.values).to.include({ limit: 3, used: 0, remaining: 3 });
    expect(now.json.actions['generation.turbo'].decision).to.equal('allow');
    const later = await server.get(`/v1/members/sam/perks?at=${STARTER_TERM.endsAt}`);
    expect(later.json).to.include({ tier: 'free', membership: 'ended' });
  });

  it('can see what a cancellation would leave', async () => {
    await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM], holdings: { private_models: 12 } });
    const { json } = await server.get('/v1/members/sam/cancellation-preview');
    expect(json).to.include({ tier: 'starter', endsAt: STARTER_TERM.endsAt });
    expect(json.perks.private_models).to.deep.include({ word: 'frozen', stays: '12 private models stay, no new one' });
  });
});
