import { rename } from 'node:fs/promises';
import { expect } from 'chai';
import { newMember } from '../../src/domain/member.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { removeTemporaryFolders, temporaryFolder } from '../stores/temporary.ts';
import { until } from '../support/expecting.ts';
import { NOON, type Running, run } from './running.ts';

describe('the size of a member', function () {
  this.timeout(20_000);
  let server: Running;
  before(async () => {
    server = await run();
  });
  after(() => server.close());

  const large = (name: string, items: number) => ({
    attributes: { [name]: Array.from({ length: items }, () => 'x'.repeat(3900)) },
  });

  it('has an end, however it came about: 422', async () => {
    expect((await server.send('PUT', '/v1/members/big', large('a', 200))).status).to.equal(201);
    const { json } = await server.send('PATCH', '/v1/members/big', large('b', 200));
    expect(json).to.include({ status: 422, code: 'invalid_member', field: '' });
    expect(json.detail).to.include('`big`').and.include('1048576');
    expect((await server.get('/v1/members/big')).json.revision).to.equal(1);
    expect((await server.send('PATCH', '/v1/members/big', { attributes: { a: null } })).status).to.equal(200);
  });

  it('has an end for its usage too, and that names it', async () => {
    const entries = Array.from({ length: 20_000 }, () => ({ at: '2026-11-22T10:00:00Z' }));
    const put = (perk: string) => server.send('PATCH', '/v1/members/used', { usage: { [perk]: entries } });
    for (const perk of ['daily_credits', 'monthly_credits', 'free_lora_training']) {
      expect((await put(perk)).status).to.be.below(300);
    }
    await server.store.update('used', ({ member = newMember('used') }) => {
      const usage = { daily_credits: Array.from({ length: 85_000 }, () => ({ at: Date.parse(NOON), amount: 1 })) };
      return { result: 0, write: { member: { ...member, usage } } };
    });
    expect((await put('monthly_credits')).json).to.include({ status: 422, code: 'invalid_member', field: '/usage' });
    expect((await server.send('DELETE', '/v1/members/used')).status).to.equal(204);
  });

  it('makes pages shorter: no answer is larger than a few megabytes', async () => {
    for (let n = 0; n < 12; n += 1) await server.send('PUT', `/v1/members/page-${10 + n}`, large('a', 200));
    const seen: string[] = [];
    for (let after: string | null = 'page-'; after !== null; ) {
      const { json, text }: Awaited<ReturnType<Running['get']>> = await server.get(
        `/v1/members?limit=1000&after=${encodeURIComponent(after)}`,
      );
      expect(text.length).to.be.below(5_000_000);
      seen.push(...json.members.map(({ id }: { readonly id: string }) => id).filter((id: string) => id < 'page-9'));
      after = json.next;
    }
    expect(seen).to.deep.equal(Array.from({ length: 12 }, (_, n) => `page-${10 + n}`));
  });
});

describe('a member that a newer perkbook has stored', () => {
  let server: Running;
  before(async () => {
    const data = await temporaryFolder();
    server = await run({ data });
    for (const id of ['a', 'b', 'c']) await server.send('PUT', `/v1/members/${id}`, {});
    const store = await openEmbeddedStore({ folder: data });
    const stored = store.data.members.get('b');
    if (stored === undefined) throw new Error('it was put');
    await store.data.members.put('b', { ...stored, format: 2 });
    await store.close();
  });
  after(async () => {
    await server.close();
    await removeTemporaryFolders();
  });

  it('is left out of the page, which says so', async () => {
    const { status, json } = await server.get('/v1/members?limit=2');
    expect(status).to.equal(200);
    expect(json.members.map(({ id }: { readonly id: string }) => id)).to.deep.equal(['a']);
    expect(json).to.deep.include({ unreadable: ['b'], next: 'b' });
    expect((await server.get('/v1/members?after=b')).json).to.not.have.property('unreadable');
  });

  it('is a problem in clear words on its own, also for who writes', async () => {
    const [read, written] = [await server.get('/v1/members/b'), await server.send('PUT', '/v1/members/b', {})];
    for (const got of [read, written]) {
      expect(got.json).to.include({ status: 500, code: 'facts_unreadable' });
      expect(got.json.detail).to.include('`b`').and.include('update perkbook');
    }
    expect(read.json.detail).to.not.include('changed');
    expect(written.json.detail).to.match(/; nothing was changed$/);
  });
});

describe('a data folder that goes away under a server', () => {
  after(removeTemporaryFolders);

  it('makes it unready, fails its writes, and is said once in the log', async () => {
    const data = `${await temporaryFolder()}/data`;
    const lines: Readonly<Record<string, unknown>>[] = [];
    const server = await run({ data }, (line) => lines.push(line));
    try {
      await server.send('PUT', '/v1/members/u', {});
      await rename(data, `${data}-gone`);
      for (let times = 0; times < 3; times += 1) {
        const { json, headers } = await server.send('PUT', '/v1/members/u', { holdings: { private_models: times } });
        expect(json).to.include({ status: 503, code: 'facts_unreachable' });
        expect(headers.get('retry-after')).to.equal('1');
      }
      expect((await server.get('/readyz')).json).to.include({ status: 'not_ready', store: 'unreachable' });
      const warned = lines.filter(({ level }) => level !== 'debug').map(({ message }) => message);
      expect(warned).to.have.length(1);
      expect(warned[0]).to.include('was deleted while it was in use');
      await rename(`${data}-gone`, data);
      await until(async () => (await server.get('/readyz')).status === 200);
    } finally {
      await server.close();
    }
  });
});
