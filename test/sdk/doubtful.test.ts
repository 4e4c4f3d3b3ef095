import { expect } from 'chai';
import { OwnWrites } from '../../src/sdk/asking/own-writes.ts';
import type { CallOptions } from '../../src/sdk/client.ts';
import { failureOf } from '../support/expecting.ts';
import { answering, catchRequests, client, pause, problem, type Reply, TURBO } from './answering.ts';

describe('a consume or a release that ended in an error', () => {
  catchRequests();

  const unknown: readonly (readonly [string, Reply, (() => CallOptions)?])[] = [
    ['it was not answered in time', { delay: 300 }, () => ({ timeout: 100 })],
    ['it was called off', { delay: 300 }, () => ({ signal: AbortSignal.timeout(100) })],
    ['it was lost', { lost: true }],
    ['it failed', problem(500, 'internal_error')],
    ['it was refused, perhaps after an attempt that was not', problem(409, 'key_reused')],
  ];
  for (const [what, reply, options = () => ({})] of unknown) {
    it(`as ${what}: nothing about its user is remembered for \`maxAge\`, because it may be done later`, async () => {
      for (const change of ['consume', 'release'] as const) {
        const sent = answering(({ path }) => (path.endsWith(`/${change}`) ? reply : {}));
        const perkbook = client({ retries: 0, maxAge: 700 });
        const attempt = { user: 'sam', action: 'lora.train_free', idempotencyKey: 'job-1' };
        await failureOf(
          change === 'consume' ? perkbook.consume(attempt, options()) : perkbook.release(attempt, options()),
        );
        const failed = performance.now();
        const asks = () => sent.filter(({ body }) => body.action === TURBO.action).length;
        await perkbook.may(TURBO);
        await perkbook.may(TURBO);
        expect(asks()).to.equal(2);
        // Of nobody else.
        await perkbook.may({ ...TURBO, user: 'ann' });
        await perkbook.may({ ...TURBO, user: 'ann' });
        expect(asks()).to.equal(3);
        await pause(720 - (performance.now() - failed));
        await perkbook.may(TURBO);
        await perkbook.may(TURBO);
        expect(asks()).to.equal(4);
      }
    });
  }

  it('nor is what was asked in that time and answered after it', async () => {
    const sent = answering(({ path }) => (path.endsWith('/consume') ? { lost: true } : { delay: 400 }));
    const perkbook = client({ retries: 0, maxAge: 1_000 });
    await failureOf(perkbook.consume({ ...TURBO, idempotencyKey: 'job-1' }));
    await pause(700);
    await perkbook.may(TURBO);
    await perkbook.may(TURBO);
    expect(sent).to.have.lengthOf(3);
  });

  it('of more users than are kept track of, everybody is in doubt', () => {
    const writes = new OwnWrites({ maxAge: 60_000 });
    writes.doubt('first');
    for (let i = 0; i < 9_999; i++) writes.doubt(`u-${i}`);
    expect([writes.isDoubtful('first'), writes.isDoubtful('u-0'), writes.isDoubtful('ann')]).to.deep.equal([
      true,
      true,
      false,
    ]);
    writes.doubt('one more');
    expect([writes.isDoubtful('first'), writes.isDoubtful('ann')]).to.deep.equal([true, true]);
  });
});
