import { expect } from 'chai';
import fc from 'fast-check';
import { MongoClient } from 'mongodb';
import { mongoKeyTable } from '../../src/decision-log/keys/mongo-key-table.ts';
import { laterKeyTable } from '../../src/decision-log/keys/open-key-table.ts';
import { UserKeys } from '../../src/decision-log/keys/user-keys.ts';
import { logDatabase } from '../../src/decision-log/log-database.ts';
import { LogQueue } from '../../src/decision-log/log-queue.ts';
import type { LogFilter, LogPosition } from '../../src/decision-log/read/log-filter.ts';
import { mongoLogReader } from '../../src/decision-log/read/mongo-log-reader.ts';
import { mongoSink } from '../../src/decision-log/sinks/mongo-sink.ts';
import type { ApiLogEntry } from '../../src/generated/answers/log/entry.ts';
import { run, SIX_LORAS } from '../http/running.ts';
import { type MongoDatabase, mongoDatabase, ownMongoServer } from '../stores/mongo-server.ts';
import { PRESENT } from '../support/arbitrary-member.ts';
import { membershipQuestion } from '../support/arbitrary-question.ts';
import { failureOf, until } from '../support/expecting.ts';
import { pause } from '../support/pause.ts';
import { membership } from '../support/rule-sets.ts';
import { logged, told } from './telling.ts';

const [question] = fc.sample(membershipQuestion, 1);
if (question === undefined) throw new Error('no question');
const TOLD = told(membership, { state: 'fresh', member: undefined }, question, PRESENT);
const SAMPLE = logged(TOLD);

function entry(number: number, rest: Partial<ApiLogEntry> = {}): ApiLogEntry {
  // Three of each millisecond.
  const time = new Date(PRESENT + Math.floor(number / 3)).toISOString();
  return { ...SAMPLE, id: `A${String(number).padStart(6, '0')}`, time, ...rest };
}

describe('the decision log in MongoDB', function () {
  this.timeout(30_000);
  let place: MongoDatabase;
  let uri: string;
  beforeEach(async function () {
    const found = await mongoDatabase();
    if (found === undefined) return this.skip();
    place = found;
    uri = new URL(`/${place.database}${new URL(place.uri).search}`, place.uri).href;
  });
  afterEach(() => place?.drop());

  async function indexes(): Promise<ReadonlyMap<string, number | undefined>> {
    const client = new MongoClient(uri);
    const found = await client
      .db(place.database)
      .collection('decision_log')
      .indexes()
      .catch(() => []);
    await client.close();
    return new Map(found.map(({ key, expireAfterSeconds }) => [JSON.stringify(key), expireAfterSeconds]));
  }

  async function write(entries: readonly ApiLogEntry[], keepDays = 30) {
    const sink = mongoSink(logDatabase(uri), { keepDays });
    const taken = await sink.write(entries.map((each) => sink.form(each)));
    await sink.close();
    return taken;
  }

  it('is deleted by MongoDB after as many days as are set, also when that is set anew', async () => {
    const tidied = async (keepDays: number) => {
      const sink = mongoSink(logDatabase(uri), { keepDays });
      await sink.tidy?.();
      await sink.close();
      return (await indexes()).get('{"time":1}');
    };
    expect(await tidied(30)).to.equal(30 * 86_400);
    expect(await tidied(7)).to.equal(7 * 86_400);
  });

  it('has an index for each order in which it is read, before anything is in it', async () => {
    const decisionLog = { sink: 'mongodb', folder: '', keepDays: 30, sampleAllows: 1, mask: [] } as const;
    const server = await run({ mongodbUri: uri, decisionLog });
    try {
      await until(async () => (await indexes()).has('{"time":1}'));
      expect([...(await indexes()).keys()]).to.include.members([
        '{"time":-1,"_id":-1}',
        '{"user":1,"time":-1,"_id":-1}',
      ]);
    } finally {
      await server.close();
    }
  });

  it('is read as it was written, in pages, the newest first, and filtered', async () => {
    const entries = Array.from({ length: 40 }, (_, i) =>
      entry(i, {
        action: i % 4 === 0 ? 'a' : 'b',
        decision: i % 2 === 0 ? 'allow' : 'deny',
        caller: i < 20 ? 'shop' : 'app',
      }),
    );
    expect(await write(entries)).to.deep.equal({ done: 40, dropped: 0 });
    expect(await write(entries), 'once more, as after a lost answer').to.deep.equal({ done: 40, dropped: 0 });
    const reader = mongoLogReader(logDatabase(uri));
    const readAll = async (filter: LogFilter, limit: number) => {
      const found: ApiLogEntry[] = [];
      let after: LogPosition | undefined;
      do {
        const page = await reader.page(filter, after, limit);
        found.push(...page.entries);
        after = page.next;
      } while (after !== undefined);
      return found;
    };
    expect(await readAll({}, 7)).to.deep.equal([...entries].reverse());
    expect(await readAll({ action: 'a', decision: 'allow', caller: 'shop' }, 2)).to.have.lengthOf(5);
    expect(await readAll({ user: SAMPLE.user, ruleSets: new Set([membership.id]) }, 500)).to.have.lengthOf(40);
    expect(await readAll({ user: 'u:else' }, 10)).to.deep.equal([]);
    expect(await readAll({ ruleSets: new Set() }, 10)).to.deep.equal([]);
    expect(await readAll({ from: PRESENT + 2, until: PRESENT + 3 }, 2)).to.deep.equal(entries.slice(6, 9).reverse());
    await reader.close();
  });

  it('loses no entry for what its caller has put into it that MongoDB cannot hold', async () => {
    const large = entry(1, { context: { text: 'x'.repeat(17 * 1_048_576) } });
    const unheard = entry(2, { context: { 'a\0b': 1 } });
    expect(await write([entry(0), large, unheard, entry(3)])).to.deep.equal({ done: 4, dropped: 0 });
    const reader = mongoLogReader(logDatabase(uri));
    const { entries } = await reader.page({}, undefined, 10);
    expect(entries.map(({ leftOut }) => leftOut?.includes('context') ?? false)).to.deep.equal([
      false,
      true,
      true,
      false,
    ]);
    await reader.close();
  });

  it('ends a page that grows too large, whatever its limit', async () => {
    const text = 'x'.repeat(900_000);
    await write(Array.from({ length: 12 }, (_, i) => entry(i, { context: { text } })));
    const reader = mongoLogReader(logDatabase(uri));
    const { entries, next } = await reader.page({}, undefined, 500);
    expect(entries).to.have.lengthOf(4);
    expect((await reader.page({}, next, 500)).entries[0]?.id).to.equal('A000007');
    await reader.close();
  });

  it('has the same key for a user, whichever process asks first', async () => {
    const tables = [1, 2, 3].map(() => mongoKeyTable(logDatabase(uri)));
    const asked = Array.from({ length: 30 }, (_, i) => ({ user: `u-${i}`, time: Date.now() }));
    const [first, ...others] = await Promise.all(tables.map((table) => table.keysOf(asked)));
    expect(new Set(first?.map(({ key }) => key)).size).to.equal(30);
    for (const each of others) expect(each).to.deep.equal(first);
    expect(await tables[0]?.forget('u-3')).to.equal(true);
    expect(await tables[1]?.keyOf('u-3')).to.equal(undefined);
    await Promise.all(tables.map((table) => table.close()));
  });

  it('is kept and read by a server', async () => {
    const decisionLog = { sink: 'mongodb', folder: '', keepDays: 30, sampleAllows: 1, mask: [] } as const;
    const server = await run({ mongodbUri: uri, decisionLog });
    try {
      await server.post('/v1/decisions', SIX_LORAS);
      const read = async () => (await server.get('/v1/decisions-log?user=sam')).json.entries;
      await until(async () => (await read()).length === 1);
      await server.send('DELETE', '/v1/members/sam');
      expect(await read()).to.have.lengthOf(0);
    } finally {
      await server.close();
    }
  });

  it('waits while the server is away, is dropped beyond its bound, and goes on when it is back', async function () {
    const own = await ownMongoServer();
    if (own?.storage === undefined) return this.skip();
    const { storage } = own;
    const port = Number(new URL(own.uri).port);
    const database = logDatabase(own.uri, { timeoutMs: 500 });
    const keys = new UserKeys(mongoKeyTable(logDatabase(own.uri, { timeoutMs: 500 })));
    const failures: string[] = [];
    const queue = new LogQueue(mongoSink(database, { keepDays: 30 }), keys, {
      masks: [],
      sample: 1,
      mostWaiting: 20,
      retryMs: 50,
      onFailure: (error) => failures.push((error as Error).name),
    });
    const add = (from: number, to: number) => {
      for (let i = from; i < to; i++) queue.add({ ...TOLD, id: `B${i}` });
    };
    add(0, 5);
    await until(() => queue.written === 5);
    await own.kill9();
    add(5, 35);
    await until(() => queue.failed >= 2);
    expect([queue.waiting, queue.dropped]).to.deep.equal([20, 10]);
    expect(new Set(failures)).to.deep.equal(new Set(['StoreUnreachable']));
    expect((await failureOf(mongoLogReader(database).page({}, undefined, 1))).name).to.equal('StoreUnreachable');
    const back = await ownMongoServer({ port, storage });
    await until(() => queue.written === 25);
    expect([queue.written, queue.waiting, queue.dropped]).to.deep.equal([25, 0, 10]);
    expect((await mongoLogReader(database).page({}, undefined, 100)).entries).to.have.lengthOf(25);
    await queue.close(1000);
    await keys.close();
    await back?.stop();
  });

  it('is kept although the server did not answer when it was first needed', async function () {
    const own = await ownMongoServer();
    if (own?.pid === undefined) return this.skip();
    const { pid } = own;
    const keys = new UserKeys(mongoKeyTable(logDatabase(own.uri, { timeoutMs: 300 })));
    const database = logDatabase(own.uri, { timeoutMs: 300 });
    const forgetting = laterKeyTable({ mongodbUri: own.uri, data: '' });
    const queue = new LogQueue(mongoSink(database, { keepDays: 30 }), keys, {
      masks: [],
      sample: 1,
      retryMs: 50,
      onFailure: () => {},
    });
    try {
      await pause(pid);
      queue.add(TOLD);
      await until(() => queue.failed >= 3);
      expect((await failureOf(mongoLogReader(database).page({}, undefined, 1))).name).to.equal('StoreUnreachable');
      expect((await failureOf(forgetting.forget('nobody'))).name).to.equal('StoreUnreachable');
      process.kill(pid, 'SIGCONT');
      await until(() => queue.written === 1);
      await until(async () => (await mongoLogReader(database).page({}, undefined, 1)).entries.length === 1);
      await until(() =>
        forgetting.forget('nobody').then(
          () => true,
          () => false,
        ),
      );
    } finally {
      process.kill(pid, 'SIGCONT');
      await Promise.all([queue.close(1000), keys.close(), forgetting.close()]);
      await own.stop();
    }
  });

  it('costs whoever reads it a wait once in an outage, and no more', async function () {
    const own = await ownMongoServer();
    if (own?.pid === undefined) return this.skip();
    const { pid } = own;
    const database = logDatabase(own.uri);
    const reader = mongoLogReader(database);
    try {
      expect((await reader.page({}, undefined, 1)).entries).to.deep.equal([]);
      await pause(pid);
      await failureOf(reader.page({}, undefined, 1));
      const before = performance.now();
      for (let i = 0; i < 5; i++) await failureOf(reader.page({}, undefined, 1));
      expect(performance.now() - before).to.be.below(300);
      process.kill(pid, 'SIGCONT');
      await until(() =>
        reader.page({}, undefined, 1).then(
          () => true,
          () => false,
        ),
      );
    } finally {
      process.kill(pid, 'SIGCONT');
      await reader.close();
      await own.stop();
    }
  });
});
