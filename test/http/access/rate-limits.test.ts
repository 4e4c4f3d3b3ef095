import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { SIX_LORAS } from '../running.ts';
import { bearer, idIn, type Keyed, runWithKeys } from './with-keys.ts';

describe('rate limits', () => {
  let server: Keyed;
  before(async () => {
    server = await runWithKeys({ rateLimit: { requests: 10, perSeconds: 2 } });
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
    expect(json.detail).to.equal(`\`${idIn(busy)}\` may ask 10 times in 2 s, and has; ask again in 1 s`);
    expect(headers.get('retry-after')).to.equal('1');
    expect(headers.get('ratelimit')).to.equal('"caller";r=0;t=1');
    expect(headers.get('ratelimit-policy')).to.equal('"caller";q=10;w=2');
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
    expect(Number(headers.get('retry-after'))).to.be.within(1, 2);
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
