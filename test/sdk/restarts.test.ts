import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Fetch, Perkbook, type PerkbookOptions } from '../../src/sdk/client.ts';
import { run, STARTER_TERM } from '../http/running.ts';
import { failureOf } from '../support/expecting.ts';
import { allowed, pause, SERVER, TURBO } from './answering.ts';

const TRAIN = { user: 'sam', action: 'lora.train_free', idempotencyKey: 'job-81' } as const;

/** What the platform's `fetch` throws where it cannot connect. */
function unconnected(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(`connect ${code}`), { code }) });
}

describe('a server that is started again', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'perkbook-restart-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('costs nobody an answer who waits as long, whatever is called', async () => {
    const before = await run({ data: folder });
    await before.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] });
    const perkbook = new Perkbook({ baseUrl: before.address, timeout: 9_000 });
    const port = Number(new URL(before.address).port);
    expect(await perkbook.may(TURBO)).to.include({ decision: 'allow' });
    await before.close();
    const calls = Promise.all([
      perkbook.may({ ...TURBO, amount: 1 }),
      perkbook.mayAll([{ ...TURBO, user: 'ann' }, TRAIN].map(({ user, action }) => ({ user, action }))),
      perkbook.perks({ user: 'sam' }),
      perkbook.consume(TRAIN),
    ]);
    // Handled here, so that a call which gives up too soon is no end of the process.
    calls.catch(() => undefined);
    await pause(1_000);
    const again = await run({ data: folder, port });
    try {
      const [decision, , { tier }, consumed] = await calls;
      expect(decision).to.include({ decision: 'allow' });
      expect(tier).to.equal('starter');
      expect(consumed).to.include({ consumed: 1 });
    } finally {
      await again.close();
    }
  });
});

describe('a server that is not there', () => {
  /** A client that finds nobody, and when it looked. `code`: why no connection was made; what it is undefined for is answered. */
  function looking(code: () => string | undefined, options: Partial<PerkbookOptions> = {}) {
    const times: number[] = [];
    const fetch: Fetch = async (_url, { body = '' }) => {
      times.push(performance.now());
      const reason = code();
      if (reason !== undefined) throw unconnected(reason);
      return new Response(JSON.stringify(allowed(JSON.parse(body))));
    };
    return { times, perkbook: new Perkbook({ baseUrl: SERVER, fetch, ...options }) };
  }

  for (const code of ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']) {
    it(`(${code}) is looked for until the time of the call is nearly over, and not all the time`, async () => {
      const { times, perkbook } = looking(() => code, { timeout: 1_500 });
      const begun = performance.now();
      const error = await failureOf(perkbook.may(TURBO));
      expect(error).to.include({ kind: 'network', isOutage: true });
      expect(error.message).to.include(code);
      expect(performance.now() - begun).to.be.within(1_080, 1_510);
      expect(times.length).to.be.within(5, 40);
    });
  }

  it('really, by both addresses of a name', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const begun = performance.now();
    const error = await failureOf(new Perkbook({ baseUrl: `http://localhost:${port}`, timeout: 1_000 }).may(TURBO));
    expect(error).to.include({ kind: 'network' });
    expect(error.message).to.match(/cannot be reached: connect ECONNREFUSED/);
    expect(performance.now() - begun).to.be.within(580, 1_010);
  });

  it('is looked for as often as anything is sent again where the connection was lost, or the call says never', async () => {
    const lost = looking(() => 'ECONNRESET');
    await failureOf(lost.perkbook.may(TURBO));
    expect(lost.times).to.have.lengthOf(3);
    const never = looking(() => 'ECONNREFUSED', { retries: 0 });
    await failureOf(never.perkbook.may(TURBO));
    expect(never.times).to.have.lengthOf(1);
  });

  it('still has the attempts for what it says when it is there', async () => {
    const codes = ['ECONNRESET', ...Array(5).fill('ECONNREFUSED'), 'ECONNRESET'];
    const { times, perkbook } = looking(() => codes.shift(), { timeout: 10_000 });
    expect(await perkbook.may(TURBO)).to.include({ decision: 'allow' });
    expect(times).to.have.lengthOf(8);
  });

  it('for ten seconds is waited for no longer: an outage must not hold every caller', async () => {
    let code: string | undefined = 'ECONNREFUSED';
    const { times, perkbook } = looking(() => code, { timeout: 1_000 });
    const looksOf = async (call: Promise<unknown>) => {
      times.length = 0;
      await failureOf(call);
      return times.length;
    };
    const { now } = performance;
    let ahead = 0;
    performance.now = () => now.call(performance) + ahead;
    try {
      expect(await looksOf(perkbook.may(TURBO))).to.be.greaterThan(3);
      ahead = 5_000;
      expect(await looksOf(perkbook.may(TURBO))).to.be.greaterThan(3);
      ahead = 10_500;
      expect(await looksOf(perkbook.may(TURBO))).to.equal(3);
      expect(await looksOf(perkbook.may(TURBO))).to.equal(3);
      // It is back, and away again.
      code = undefined;
      await perkbook.may(TURBO);
      code = 'ECONNREFUSED';
      expect(await looksOf(perkbook.may({ ...TURBO, amount: 1 }))).to.be.greaterThan(3);
      // Nobody has looked since: whether it was away all the time is not known.
      ahead = 60_000;
      expect(await looksOf(perkbook.may(TURBO))).to.be.greaterThan(3);
    } finally {
      performance.now = now;
    }
  });

  it('in the middle of a long call, too', async () => {
    const { times, perkbook } = looking(() => 'ECONNREFUSED', { timeout: 60_000 });
    const { now } = performance;
    const begun = now.call(performance);
    // Ten times as fast.
    performance.now = () => begun + (now.call(performance) - begun) * 10;
    try {
      await failureOf(perkbook.may(TURBO));
      // With two more attempts after it.
      expect(performance.now() - begun).to.be.within(10_000, 30_000);
    } finally {
      performance.now = now;
    }
    expect(times.length).to.be.within(5, 30);
  });
});
