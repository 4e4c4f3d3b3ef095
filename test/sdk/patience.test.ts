import { expect } from 'chai';
import type { Fetch } from '../../src/sdk/client.ts';
import { failureOf } from '../support/expecting.ts';
import { allowed, answering, catchRequests, client, pause, problem, type Reply, TURBO } from './answering.ts';

const HANGS: Reply = { delay: 3_000 };

/** How long it takes, in milliseconds. */
async function timeOf(work: Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work;
  return performance.now() - begun;
}

describe('an attempt that hangs', () => {
  catchRequests();

  it('is given up and made again, of whatever is sent, with the same bytes', async () => {
    const sent = answering((_, n) => (n % 2 === 0 ? HANGS : {}));
    const perkbook = client({ attemptTimeout: 100 });
    const ann = { ...TURBO, user: 'ann' };
    const took = await timeOf(
      (async () => {
        await perkbook.may(TURBO);
        await perkbook.mayAll([ann, { ...TURBO, user: 'ben' }]);
        await perkbook.perks({ user: 'sam' });
        await perkbook.cancellationPreview({ user: 'sam' });
        await perkbook.consume({ ...TURBO, idempotencyKey: 'job-81' });
        await perkbook.release({ user: 'sam', idempotencyKey: 'job-81' });
      })(),
    );
    expect(took).to.be.within(600, 2_900);
    expect(sent).to.have.lengthOf(12);
    for (let i = 0; i < sent.length; i += 2) {
      expect([sent[i]?.path, sent[i]?.body]).to.deep.equal([sent[i + 1]?.path, sent[i + 1]?.body]);
    }
  });

  it('is given up after half of the call’s time where nothing else is said', async () => {
    for (const [timeout, half] of [
      [undefined, 1_000],
      [1_600, 800],
    ] as const) {
      const sent = answering((_, n) => (n === 0 ? HANGS : {}));
      expect(await timeOf(client().may(TURBO, { timeout }))).to.be.within(half - 10, half + 500);
      expect(sent).to.have.lengthOf(2);
    }
  });

  it('but not so soon that a server which has lost its store is asked twice', async () => {
    const sent = answering(() => ({ delay: 550 }));
    expect(await client({ timeout: 900 }).may(TURBO)).to.include({ decision: 'allow' });
    expect(sent).to.have.lengthOf(1);
  });

  it('is waited for where no time would be left for another one', async () => {
    const sent = answering(() => ({ delay: 420 }));
    expect(await client({ timeout: 500, attemptTimeout: 410 }).may(TURBO)).to.include({ decision: 'allow' });
    expect(sent).to.have.lengthOf(1);
  });

  it('is waited for where it is the last one', async () => {
    for (const retries of [0, 2]) {
      const sent = answering(() => ({ delay: 400 }));
      expect(await client({ attemptTimeout: 100, retries }).may(TURBO)).to.include({ decision: 'allow' });
      expect(sent).to.have.lengthOf(retries + 1);
    }
  });

  it('each time, is the time-out of the call', async () => {
    const sent = answering(() => HANGS);
    const error = await failureOf(client({ attemptTimeout: 100, timeout: 800 }).may(TURBO));
    expect(error).to.include({ kind: 'timeout', message: 'no answer within 800 ms' });
    expect(sent).to.have.lengthOf(3);
  });

  it('and then a problem is that problem', async () => {
    const sent = answering((_, n) => (n === 0 ? HANGS : problem(404, 'unknown_action')));
    const error = await failureOf(client({ attemptTimeout: 100 }).may(TURBO, { orElse: 'allow' }));
    expect(error).to.include({ kind: 'problem', code: 'unknown_action' });
    expect(sent).to.have.lengthOf(2);
  });

  it('is called off, and given up even by a `fetch` that does not stop for it', async () => {
    const signals: AbortSignal[] = [];
    const fetch: Fetch = async (_url, { signal, body = '' }) => {
      if (signals.push(signal) === 1) await new Promise(() => {});
      return new Response(JSON.stringify(allowed(JSON.parse(body))));
    };
    expect(await client({ fetch, attemptTimeout: 100 }).may(TURBO)).to.include({ decision: 'allow' });
    expect(signals.map(({ aborted }) => aborted)).to.deep.equal([true, false]);
  });

  it('is called off with its last caller, and not made again', async () => {
    const sent = answering(() => HANGS);
    const controller = new AbortController();
    const leaving = failureOf(client({ attemptTimeout: 100 }).may(TURBO, { signal: controller.signal }));
    await pause(20);
    controller.abort();
    expect(await leaving).to.include({ kind: 'aborted' });
    await pause(300);
    expect(sent).to.have.lengthOf(1);
  });
});
