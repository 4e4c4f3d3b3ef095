import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type Document, MongoClient } from 'mongodb';
import { type Got, type Running, request, run } from '../http/running.ts';
import { ownMongoServer, type RunningServer } from '../stores/mongo-server.ts';
import { until } from '../support/expecting.ts';
import { pause } from '../support/pause.ts';

const MAPPING = `format: perkbook-mapping/1
database: shop
collection: users
id: _id
terms:
  tier: plan
  channel: {always: web}
  startsAt: start
  endsAt: end
usage:
  free_lora_training: {used: loras, at: start}
`;
const TERM = { plan: 'starter', start: new Date('2026-11-10T00:00:00Z'), end: new Date('2026-12-10T00:00:00Z') };
const MEMBERS = 50;
const LANES = 16;
const LASTS_MS = 3_000;
/** Facts are fresh for a second after they were read, and a call takes up to half a second to fail. */
const KNOWN_AFTER_MS = 1_600;
const BACK_WITHIN_MS = 2_000;

interface Asked {
  readonly startedAt: number;
  readonly ms: number;
  readonly user: string;
  readonly got: Got;
}

describe('a mapped collection in a MongoDB that fails under load', function () {
  this.timeout(60_000);
  let folder: string;
  let mongo: RunningServer;
  let server: Running;
  const log: string[] = [];
  let asked: Asked[] = [];
  let isRunning = false;

  before(async function () {
    folder = await mkdtemp(join(tmpdir(), 'perkbook-mapped-outage-'));
    const started = await ownMongoServer({ storage: join(folder, 'mongo') });
    if (started === undefined) return this.skip();
    mongo = started;
    const client = new MongoClient(mongo.uri);
    const members = Array.from({ length: MEMBERS }, (_, i) => ({ _id: `u-${i}`, ...TERM, loras: i % 4 }));
    await client
      .db('shop')
      .collection<Document>('users')
      .insertMany(members as object[]);
    await client.close();
    const mapping = join(folder, 'mapping.yaml');
    await writeFile(mapping, MAPPING);
    server = await run({ mongodbUri: mongo.uri, mapping }, ({ message }) => log.push(String(message)));
  });
  after(async () => {
    await server?.close();
    await mongo?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function ask(user: string): Promise<Got> {
    const startedAt = performance.now();
    const got = await request(`${server.address}/v1/decisions`, 'POST', { user, action: 'lora.train_free' });
    asked.push({ startedAt, ms: performance.now() - startedAt, user, got });
    return got;
  }

  /** Members, over and over, and in between somebody who was never asked about. */
  async function lane(index: number): Promise<void> {
    const never = `stranger-${Date.now()}-${index}`;
    for (let i = 0; isRunning; i++) {
      await ask(i % 5 === 0 ? `${never}-${i}` : `u-${(index + i) % MEMBERS}`);
      await sleep(5);
    }
  }

  const cases: Readonly<Record<string, { fail(): Promise<void>; mend(): Promise<void> }>> = {
    'is paused': {
      fail: () => pause(mongo.pid ?? 0),
      mend: async () => void process.kill(mongo.pid ?? 0, 'SIGCONT'),
    },
    'is killed and started again': {
      fail: () => mongo.kill9(),
      mend: async () => {
        const port = Number(new URL(mongo.uri).port);
        const again = await ownMongoServer({ storage: join(folder, 'mongo'), port });
        if (again === undefined) throw new Error('it was there before');
        mongo = again;
      },
    },
  };

  for (const [what, { fail, mend }] of Object.entries(cases)) {
    it(`and ${what}: every question is answered, marked, and soon as before`, async () => {
      asked = [];
      log.length = 0;
      isRunning = true;
      const lanes = Array.from({ length: LANES }, (_, index) => lane(index));
      await until(
        () => new Set(asked.map(({ user }) => user).filter((user) => user.startsWith('u-'))).size === MEMBERS,
      );
      const failedAt = performance.now();
      await fail();
      let backAfter: number;
      try {
        await sleep(LASTS_MS);
        const ready = await server.get('/readyz');
        expect([ready.status, ready.json.store]).to.deep.equal([503, 'unreachable']);
        // Its keys are in a folder here, whatever becomes of somebody else's database.
        expect(ready.json).to.not.have.property('keysUnreadSince');
        expect((await ask('u-1')).json, 'what was known before').to.include({
          decision: 'allow',
          tier: 'starter',
          degraded: true,
        });
        const unknown = (await ask('nobody-yet')).json;
        expect(unknown).to.include({ decision: 'deny', membership: 'unknown', tier: null, degraded: true });
        expect(unknown.reason.code).to.equal('facts_unavailable');
        expect((await server.get('/v1/members/u-1')).json).to.include({ status: 503, code: 'facts_unreachable' });
      } finally {
        await mend();
        const mendedAt = performance.now();
        // Freshly, about somebody who was never asked about: from memory that would be no recovery.
        await until(async () => (await ask(`back-${asked.length}`)).json.degraded === false);
        await until(async () => (await ask('u-1')).json.degraded === false);
        backAfter = performance.now() - mendedAt;
      }
      isRunning = false;
      await Promise.all(lanes);
      expect(new Set(asked.map(({ got }) => got.status)), 'every question').to.deep.equal(new Set([200]));
      const during = asked.filter(({ startedAt }) => startedAt > failedAt && startedAt < failedAt + LASTS_MS);
      const late = during.filter(({ startedAt }) => startedAt > failedAt + KNOWN_AFTER_MS);
      expect(late.length).to.be.above(100);
      expect(
        late.filter(({ got }) => got.json.degraded !== true),
        'not marked',
      ).to.deep.equal([]);
      // A member is judged by what was known, and nobody as if they were free.
      expect(late.filter(({ user, got }) => user.startsWith('u-') && got.json.tier !== 'starter')).to.deep.equal([]);
      expect(late.filter(({ user, got }) => user.startsWith('stranger') && got.json.tier !== null)).to.deep.equal([]);
      const times = late.map(({ ms }) => ms).sort((a, b) => a - b);
      expect(times[times.length >> 1], 'once it is known').to.be.below(300);
      expect(Math.max(...during.map(({ ms }) => ms))).to.be.below(3_500);
      expect(backAfter).to.be.below(BACK_WITHIN_MS);
      expect(log.filter((line) => /^the member facts can(?:not)? be reached/.test(line))).to.have.length(2);
      expect((await server.get('/readyz')).status).to.equal(200);
    });
  }
});

describe('a mapped collection in a MongoDB that is not there at the start', () => {
  it('keeps the server from starting, and says which setting names it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'perkbook-mapped-away-'));
    const mapping = join(folder, 'mapping.yaml');
    await writeFile(mapping, MAPPING);
    try {
      const failure = await run({ mongodbUri: 'mongodb://127.0.0.1:9/shop', mapping }).catch((error: unknown) => error);
      expect(failure).to.have.property('name', 'StartError');
      expect((failure as Error).message).to.include('MONGODB_URI');
    } finally {
      await rm(folder, { recursive: true });
    }
  }).timeout(10_000);
});
