import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { ownMongoServer, type RunningServer } from '../stores/mongo-server.ts';
import { until } from '../support/expecting.ts';
import { pause } from '../support/pause.ts';
import { type Load, underLoad } from './load.ts';
import { type Running, request, run } from './running.ts';

const LASTS_MS = 2_500;
const BACK_WITHIN_MS = 2_000;

describe('MongoDB that fails under load', function () {
  this.timeout(60_000);
  let storage: string;
  let mongo: RunningServer;
  let perkbook: Running;
  let load: Load;
  const log: string[] = [];
  const unexpected: unknown[] = [];

  before(async function () {
    storage = await mkdtemp(join(tmpdir(), 'perkbook-outage-'));
    const started = await ownMongoServer({ storage });
    if (started === undefined) return this.skip();
    mongo = started;
    perkbook = await run({ mongodbUri: mongo.uri }, (entry) => {
      log.push(String(entry.message));
      if (entry.level === 'error') unexpected.push(entry);
    });
    load = await underLoad(perkbook.address);
  });
  after(async () => {
    await perkbook?.close();
    await mongo?.stop();
    await rm(storage, { recursive: true, force: true });
  });

  /** From when the store is back to when a question is answered freshly and something can be consumed again. */
  async function recovery(): Promise<number> {
    const begun = performance.now();
    while ((await perkbook.get('/readyz')).status !== 200) await sleep(50);
    await until(async () => !(await load.ask()).json.degraded && (await load.consume()).status === 200);
    return performance.now() - begun;
  }

  const cases: Readonly<Record<string, { fail(): Promise<void>; mend(): Promise<void> }>> = {
    'is paused': {
      fail: () => pause(mongo.pid ?? 0),
      mend: async () => void process.kill(mongo.pid ?? 0, 'SIGCONT'),
    },
    'is killed and started again': {
      fail: () => mongo.kill9(),
      mend: async () => {
        const again = await ownMongoServer({ storage, port: Number(new URL(mongo.uri).port) });
        if (again === undefined) throw new Error('it was there before');
        mongo = again;
      },
    },
  };

  for (const [what, { fail, mend }] of Object.entries(cases)) {
    it(`and ${what}: every request is answered, nothing is lost or counted twice, and it is soon as before`, async () => {
      load.begin();
      await sleep(600);
      log.length = 0;
      const failedAt = performance.now();
      await fail();
      let backAfter: number;
      try {
        await sleep(LASTS_MS);
        const ready = await perkbook.get('/readyz');
        expect(ready.status).to.equal(503);
        expect(ready.json).to.include({ status: 'not_ready', store: 'unreachable' });
        const { json, headers } = await load.consume();
        expect(json).to.include({ status: 503, code: 'facts_unreachable' });
        expect(headers.get('retry-after')).to.equal('1');
        expect((await load.ask()).json, 'what was known before').to.include({ degraded: true, decision: 'allow' });
        const draft = await request(
          `${perkbook.address}/v1/rule-sets/pixai-membership/rollback`,
          'POST',
          { to: 1, note: 'back' },
          { 'If-Match': '"1"' },
        );
        expect(draft.json).to.include({ status: 503, code: 'rules_unreachable' });
      } finally {
        const mended = mend();
        await mended;
        backAfter = await recovery();
      }
      const answers = await load.end();
      const during = answers.filter(({ startedAt }) => startedAt >= failedAt && startedAt < failedAt + LASTS_MS);
      const decisions = during.filter(({ kind }) => kind === 'decision');
      expect(new Set(decisions.map(({ status }) => status)), 'questions').to.deep.equal(new Set([200]));
      // Facts are fresh for a second after they were read, and a call takes up to half a second to fail.
      const late = during.filter(({ startedAt }) => startedAt >= failedAt + 1_600);
      expect(late.filter(({ status, degraded }) => status === 200 && !degraded)).to.deep.equal([]);
      const lateTimes = late.map(({ ms }) => ms).sort((a, b) => a - b);
      expect(lateTimes[lateTimes.length >> 1], 'once it is known').to.be.below(300);
      const statuses = new Set(answers.map(({ status }) => status));
      expect(statuses, JSON.stringify(unexpected)).to.deep.equal(new Set([200, 503]));
      const times = during.map(({ ms }) => ms).sort((a, b) => a - b);
      const p99 = times[Math.floor(times.length * 0.99)] ?? 0;
      expect(p99, 'with those that were under way').to.be.below(1_500);
      expect(times.at(-1)).to.be.below(3_500);
      expect(backAfter).to.be.below(BACK_WITHIN_MS);
      expect(log.filter((line) => /^the member facts can(?:not)? be reached/.test(line))).to.have.length(2);
      expect(await load.recorded(), 'what is stored').to.equal(load.confirmed);
    });
  }
});

describe('MongoDB that is not there at the start', () => {
  it('keeps the server from starting, and says which setting names it', async () => {
    const begun = performance.now();
    const failure = await run({ mongodbUri: 'mongodb://127.0.0.1:9/perkbook' }).catch((error: unknown) => error);
    expect(failure).to.have.property('name', 'StartError');
    expect((failure as Error).message).to.include('MONGODB_URI');
    expect(performance.now() - begun).to.be.below(5_000);
  }).timeout(10_000);
});
