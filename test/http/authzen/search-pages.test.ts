import { expect } from 'chai';
import { sealToken } from '../../../src/http/authzen/page-token.ts';
import { type Running, run, STARTER_TERM } from '../running.ts';
import { document, may, RULES, search, searchAll, user } from './asking.ts';

const TURBO = may({ type: 'user' }, 'generation.turbo', RULES);
const READ = may({ type: 'user' }, 'document.read', document('handbook'));

describe('the pages of an AuthZEN search', () => {
  let server: Running;
  let another: Running;
  const members: string[] = [];

  before(async () => {
    server = await run();
    another = await run();
    // Every seventh is a Starter.
    for (let i = 0; i < 60; i++) {
      const id = `u-${(i * 37) % 60}`;
      members.push(id);
      const body = { terms: i % 7 === 0 ? [STARTER_TERM] : [] };
      for (const each of [server, another]) await each.send('PUT', `/v1/members/${id}`, body);
    }
    members.sort();
  });
  after(async () => {
    await server.close();
    await another.close();
  });

  it('of any size together are the same list', async () => {
    const whole = await searchAll(server, 'subject', TURBO);
    expect(whole).to.have.lengthOf(9);
    expect(await searchAll(server, 'subject', READ)).to.deep.equal(members);
    for (const limit of [1, 2, 7, 9, 59, 60, 61, 1000, 1e9]) {
      expect(await searchAll(server, 'subject', { ...TURBO, page: { limit } }), `${limit}`).to.deep.equal(whole);
      expect(await searchAll(server, 'subject', { ...READ, page: { limit } }), `${limit}`).to.deep.equal(members);
    }
    const sam = { subject: user('u-0'), resource: RULES };
    const actions = await searchAll(server, 'action', sam);
    expect(actions.length).to.be.greaterThan(10);
    const exactly = await search(server, 'action', { ...sam, page: { limit: actions.length } });
    expect(exactly.json.page).to.deep.equal({ next_token: '', count: actions.length });
    for (const limit of [1, 3, actions.length]) {
      expect(await searchAll(server, 'action', { ...sam, page: { limit, token: '' } })).to.deep.equal(actions);
    }
  });

  it('are never longer than asked for, and the last one says that it is', async () => {
    const { json } = await search(server, 'subject', { ...READ, page: { limit: 60 } });
    expect([json.results.length, json.page]).to.deep.equal([60, { next_token: '', count: 60 }]);
    const first = await search(server, 'subject', { ...READ, page: { limit: 59 } });
    expect(first.json.page.next_token).to.not.equal('');
    const second = await search(server, 'subject', { page: { token: first.json.page.next_token } });
    expect(second.json.page).to.deep.equal({ next_token: '', count: 1 });
  });

  it('come from whichever evaluator is asked: the token carries the query and the limit', async () => {
    const first = await search(server, 'subject', { ...TURBO, page: { limit: 2 } });
    const token = first.json.page.next_token;
    const second = await search(another, 'subject', { page: { token } });
    expect(second.status).to.equal(200);
    expect(second.json.results).to.have.lengthOf(2);
    const whole = await searchAll(server, 'subject', TURBO);
    expect([...first.json.results, ...second.json.results].map(({ id }) => id)).to.deep.equal(whole.slice(0, 4));
  });

  it('may repeat the query, in any order of its keys, and change the limit, but not ask for something else', async () => {
    const { json } = await search(server, 'subject', { ...TURBO, page: { limit: 2 } });
    const page = { token: json.page.next_token };
    const same = await search(server, 'subject', {
      page,
      ...Object.fromEntries(Object.entries(TURBO).reverse()),
      x: 1,
    });
    expect([same.status, same.json.results.length]).to.deep.equal([200, 2]);
    const longer = await search(server, 'subject', { page: { ...page, limit: 5 } });
    expect(longer.json.results).to.have.lengthOf(5);
    for (const other of [READ, { ...TURBO, context: { a: 1 } }, may({ type: 'user' }, 'lora.train_free', RULES)]) {
      const got = await search(server, 'subject', { ...other, page });
      expect([got.status, got.json.field]).to.deep.equal([400, '/page/token']);
    }
  });

  it('take what is empty and what is left out for the same', async () => {
    const { json } = await search(server, 'subject', { ...TURBO, page: { limit: 2 } });
    const page = { token: json.page.next_token };
    const empty = { ...TURBO, subject: { type: 'user', properties: {} }, context: {}, page };
    expect((await search(server, 'subject', empty)).status).to.equal(200);
  });

  it('are empty with a limit of 0, and lose nothing of what follows', async () => {
    const none = await search(server, 'subject', { ...TURBO, page: { limit: 0 } });
    expect([none.status, none.json.results, none.json.page.count]).to.deep.equal([200, [], 0]);
    const all = await searchAll(server, 'subject', TURBO);
    const next = await search(server, 'subject', { page: { token: none.json.page.next_token } });
    expect(next.json.results.map(({ id }: { id: string }) => id)).to.deep.equal(all);
    const { json: first } = await search(server, 'subject', { ...TURBO, page: { limit: 1 } });
    const between = await search(server, 'subject', { page: { token: first.page.next_token, limit: 0 } });
    const rest = await search(server, 'subject', { page: { token: between.json.page.next_token } });
    expect(rest.json.results.map(({ id }: { id: string }) => id)).to.deep.equal(all.slice(1));
    const nobody = { ...TURBO, action: { name: 'no.such' }, page: { limit: 0 } };
    expect((await search(server, 'subject', nobody)).json.page.next_token).to.equal('');
  });

  it('are not given for a token that is forged, damaged, or of another search', async () => {
    const { json } = await search(server, 'subject', { ...TURBO, page: { limit: 2 } });
    const token: string = json.page.next_token;
    const [body = '', digest = ''] = token.split('.');
    const forged = Buffer.from(Buffer.from(body, 'base64url').toString().replace('turbo', 'create')).toString(
      'base64url',
    );
    const wrong = [
      ...[`${forged}.${digest}`, `${body}.${digest.slice(1)}`, body, `${token}x`, token.slice(5), '.', 'alsehrq3495u8'],
      ...['é', 'null', 'x'.repeat(60_000), `${token}.more`, `${token}.`, `${body}=.${digest}`, `${body}!.${digest}`],
    ];
    for (const each of wrong) {
      const got = await search(server, 'subject', { page: { token: each } });
      expect([got.status, got.json.field], each.slice(0, 40)).to.deep.equal([400, '/page/token']);
    }
    const elsewhere = await search(server, 'action', { page: { token } });
    expect([elsewhere.status, elsewhere.json.field]).to.deep.equal([400, '/page/token']);
    expect(elsewhere.json.detail).to.include('belongs to a search for subjects, and this one is for actions');
  });

  it('are a bad request, and nothing worse, whatever somebody puts into a token of their own', async () => {
    const query = { subject: { type: 'user' }, action: { name: 'generation.turbo' }, resource: RULES };
    const good = { searched: 'subject', query, limit: 2, after: 'u-1' } as const;
    expect((await search(server, 'subject', { page: { token: sealToken(good) } })).status).to.equal(200);
    const deep = JSON.parse(`${'{"a":'.repeat(300)}1${'}'.repeat(300)}`);
    const wrong: readonly object[] = [
      { after: 7 },
      { after: '' },
      { after: 'x'.repeat(5000) },
      { after: 'a\nb' },
      { limit: 0 },
      { limit: '2' },
      { limit: null },
      { query: null },
      { query: [] },
      { query: { ...query, subject: {} } },
      { query: { ...query, context: deep } },
      { searched: 'resource' },
    ];
    for (const each of wrong) {
      const got = await search(server, 'subject', { page: { token: sealToken({ ...good, ...each } as never) } });
      expect([got.status, got.json.field], JSON.stringify(each).slice(0, 60)).to.deep.equal([400, '/page/token']);
    }
  });

  it('have a query that fits into a token', async () => {
    const claimed = (length: number) => ({ ...TURBO, context: { text: 'x'.repeat(length) }, page: { limit: 1 } });
    const { json } = await search(server, 'subject', claimed(16_000));
    const next = await search(server, 'subject', { page: { token: json.page.next_token } });
    expect([next.status, next.json.results.length]).to.deep.equal([200, 1]);
    expect((await search(server, 'subject', claimed(17_000))).status).to.equal(400);
  });

  it('go on where they were, also when members come and go meanwhile', async () => {
    const { json } = await search(server, 'subject', { ...READ, page: { limit: 30 } });
    const last: string = json.results.at(-1).id;
    await server.send('DELETE', `/v1/members/${last}`);
    await server.send('PUT', '/v1/members/a-new-one', { terms: [] });
    await server.send('PUT', '/v1/members/z-new-one', { terms: [] });
    const { json: rest } = await search(server, 'subject', { page: { token: json.page.next_token, limit: 50 } });
    expect(rest.results.map(({ id }: { id: string }) => id)).to.deep.equal([...members.slice(30), 'z-new-one']);
  });
});

describe('a long AuthZEN search', () => {
  it('looks at a thousand members for a page, which may be empty, and finds the last one all the same', async () => {
    const server = await run();
    const put = (id: string, terms: readonly object[]) => server.send('PUT', `/v1/members/${id}`, { terms });
    const ids = Array.from({ length: 2100 }, (_, i) => `u-${String(i).padStart(4, '0')}`);
    for (let i = 0; i < ids.length; i += 100) await Promise.all(ids.slice(i, i + 100).map((id) => put(id, [])));
    await put('zoe', [STARTER_TERM]);
    const first = await search(server, 'subject', { ...TURBO, page: { limit: 5 } });
    expect(first.json.results).to.deep.equal([]);
    expect(first.json.page.next_token).to.not.equal('');
    expect(await searchAll(server, 'subject', TURBO)).to.deep.equal(['zoe']);
    expect((await searchAll(server, 'subject', READ)).length).to.equal(2101);
    await server.close();
  });
});
