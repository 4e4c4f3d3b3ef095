import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { put } from '../../stores/changes.ts';
import { SIX_LORAS } from '../running.ts';
import { bearer, idIn, type Keyed, runWithKeys } from './with-keys.ts';

describe('rate limits', () => {
  let server: Keyed;
  before(async () => {
    server = await runWithKeys({ rateLimit: { requests: 10, perSeconds: 10 } });
  });
  after(() => server.close());

  const ask = (key: Readonly<Record<string, string>>) => server.post('/v1/decisions', SIX_LORAS, key);

  it('are for each key on its own, and say when to ask again', async () => {
    const [busy, idle] = [await server.key(['decide']), await server.key(['decide'])];
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++) statuses.push((await ask(busy)).status);
    expect(statuses.slice(0, 10)).to.deep.equal(Array(10).fill(200));
    const { status, json, headers } = await ask(busy);
    expect([status, json.code]).to.deep.equal([429, 'too_many_requests']);
    expect(json.detail).to.equal(`\`${idIn(busy)}\` may ask 10 times in 10 s, and has; ask again in 1 s`);
    expect(headers.get('retry-after')).to.equal('1');
    expect(headers.get('ratelimit')).to.equal('"caller";r=0;t=1');
    expect(headers.get('ratelimit-policy')).to.equal('"caller";q=10;w=10');
    expect((await ask(idle)).status).to.equal(200);
    await sleep(1_000);
    expect((await ask(busy)).status).to.equal(200);
  }).timeout(10_000);

  it('count each question of a batch, which is answered whole and waited for afterwards', async () => {
    const key = await server.key(['decide']);
    const batch = await server.post('/v1/decisions/batch', { questions: Array(15).fill(SIX_LORAS) }, key);
    expect(batch.json.decisions).to.have.lengthOf(15);
    const { status, headers } = await ask(key);
    expect(status).to.equal(429);
    expect(Number(headers.get('retry-after'))).to.be.within(5, 6);
  });

  it('slow down who guesses, and nobody else at the same address', async () => {
    const key = await server.key(['decide']);
    const statuses: number[] = [];
    for (let i = 0; i < 40; i++) statuses.push((await ask(bearer(`pk_guess${i}`))).status);
    expect(statuses.slice(0, 5)).to.deep.equal(Array(5).fill(401));
    expect(statuses.slice(-3)).to.deep.equal([429, 429, 429]);
    const { json, headers } = await ask(bearer('pk_guess'));
    // Not `too_many_requests`: nobody who waits for a wrong key to be right may take it for an outage.
    expect(json.code).to.equal('too_many_wrong_keys');
    expect(headers.get('retry-after')).to.equal('2');
    expect((await ask(key)).status).to.equal(200);
    expect((await server.post('/v1/decisions', SIX_LORAS)).status).to.equal(401);
  });
});

describe('what is asked at once', () => {
  const LIMIT = { requests: 600, perSeconds: 60 };
  /** What the largest batch costs, in seconds. */
  const LONGEST = (1_000 * LIMIT.perSeconds) / LIMIT.requests;
  const EVALUATION = {
    subject: { type: 'user', id: 'sam' },
    action: { name: 'generation.turbo' },
    resource: { type: 'generation', id: 'x' },
  };
  let server: Keyed;
  before(async () => {
    server = await runWithKeys({ rateLimit: LIMIT });
    for (let i = 0; i < 400; i++) await server.store.update(`m-${i}`, put(`m-${i}`, {}));
  });
  after(() => server.close());

  for (const [path, body] of [
    ['/v1/decisions/batch', { questions: Array(1_000).fill({ user: 'sam', action: 'generation.turbo' }) }],
    ['/access/v1/evaluations', { evaluations: Array(1_000).fill(EVALUATION) }],
  ] as const) {
    it(`is not more than the limit where bodies come late: ${path}`, async () => {
      const key = await server.key(['decide']);
      const late = Array.from({ length: 30 }, () => lateRequest(server.address + path, JSON.stringify(body), key));
      // All of them are let in, before it is known how much each of them asks.
      await sleep(300);
      const statuses = await Promise.all(late.map(({ finish }) => finish()));
      expect(statuses.filter((status) => status === 200)).to.have.lengthOf(1);
      expect(statuses.filter((status) => status === 429)).to.have.lengthOf(29);
      const { status, json, headers } = await server.post('/v1/decisions', SIX_LORAS, key);
      expect([status, json.code]).to.deep.equal([429, 'too_many_requests']);
      expect(Number(headers.get('retry-after'))).to.be.within(1, LONGEST);
    }).timeout(20_000);
  }

  it('is not more than the limit where searches run beside each other', async () => {
    const key = await server.key(['decide', 'members:read']);
    const query = { subject: { type: 'user' }, action: EVALUATION.action, resource: EVALUATION.resource };
    await server.post('/v1/decisions/batch', { questions: Array(590).fill(SIX_LORAS) }, key);
    const body = JSON.stringify({ ...query, page: { limit: 1 } });
    const late = Array.from({ length: 8 }, () => lateRequest(`${server.address}/access/v1/search/subject`, body, key));
    await sleep(300);
    const statuses = await Promise.all(late.map(({ finish }) => finish()));
    expect(statuses.sort()).to.deep.equal([200, ...Array(7).fill(429)]);
    const { status, headers } = await server.post('/v1/decisions', SIX_LORAS, key);
    expect(status).to.equal(429);
    expect(Number(headers.get('retry-after'))).to.be.within(1, LONGEST);
  }).timeout(20_000);

  it('begins no search that could not be answered any more', async () => {
    const key = await server.key(['decide', 'members:read']);
    const query = { subject: { type: 'user' }, action: { name: 'no.such' }, resource: EVALUATION.resource };
    const late = lateRequest(`${server.address}/access/v1/search/subject`, JSON.stringify(query), key);
    await sleep(100);
    await server.post('/v1/decisions/batch', { questions: Array(700).fill(SIX_LORAS) }, key);
    expect(await late.finish()).to.equal(429);
  });

  it('is paid for once it was answered: what was refused costs nothing more', async () => {
    const key = await server.key(['decide']);
    const batch = () => server.post('/v1/decisions/batch', { questions: Array(620).fill(SIX_LORAS) }, key);
    expect((await batch()).status).to.equal(200);
    for (let i = 0; i < 3; i++) expect((await batch()).json).to.include({ status: 429, code: 'too_many_requests' });
    expect(Number((await batch()).headers.get('retry-after'))).to.be.within(1, 3);
  }).timeout(20_000);
});

/** Sends its head at once, and its body when it is told to. */
function lateRequest(url: string, body: string, headers: Readonly<Record<string, string>>) {
  const sent = request(url, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
  });
  sent.flushHeaders();
  const status = new Promise<number | undefined>((resolve, reject) => {
    sent.once('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.once('error', reject);
  });
  return {
    finish: () => {
      sent.end(body);
      return status;
    },
  };
}
