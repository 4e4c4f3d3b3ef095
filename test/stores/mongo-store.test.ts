import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { MongoClient } from 'mongodb';
import { withBreaker } from '../../src/stores/breaker/with-breaker.ts';
import { withFactsCache } from '../../src/stores/cache/facts-cache.ts';
import { type MongoStore, openMongoStore } from '../../src/stores/mongo/mongo-store.ts';
import { failureOf, until } from '../support/expecting.ts';
import { pause } from '../support/pause.ts';
import { put, remove, takeOne, takeWithKey } from './changes.ts';
import { describeMemberStore } from './contract.ts';
import { type LossyDoor, openLossyDoor } from './lossy-door.ts';
import { type MongoDatabase, mongoDatabase, ownMongoServer, type RunningServer } from './mongo-server.ts';

const DAY = '2026-11-22';
const databases: MongoDatabase[] = [];

async function emptyDatabase(): Promise<MongoDatabase | undefined> {
  const database = await mongoDatabase();
  if (database !== undefined) databases.push(database);
  return database;
}

after(async () => {
  await Promise.all(databases.map((database) => database.drop()));
});

describeMemberStore('the MongoDB store', async () => {
  const found = await emptyDatabase();
  return found === undefined ? undefined : { kind: 'mongo', uri: found.uri, database: found.database };
});

describe('the MongoDB database', function () {
  this.timeout(20_000);
  let place: MongoDatabase;
  beforeEach(async function () {
    const found = await emptyDatabase();
    if (found === undefined) return this.skip();
    place = found;
  });

  it('of a newer format is refused with what to do', async () => {
    const client = new MongoClient(place.uri);
    await client
      .db(place.database)
      .collection<{ _id: string; format: string }>('meta')
      .insertOne({ _id: 'members', format: 'perkbook-data/7' });
    await client.close();
    const error = await failureOf(openMongoStore(place));
    expect(error.name).to.equal('UnknownStoreFormat');
    expect(error.message).to.include(`\`${place.database}\``).and.include('start the newer perkbook');
  });

  it('has a document of a newer format only for those who know it', async () => {
    const store = await openMongoStore(place);
    await store.update('u', put('u'));
    const client = new MongoClient(place.uri);
    await client
      .db(place.database)
      .collection<{ _id: string }>('members')
      .updateOne({ _id: 'u' }, { $set: { format: 2 } });
    expect((await failureOf(store.get('u') as Promise<unknown>)).name).to.equal('UnknownStoreFormat');
    expect((await failureOf(store.update('u', put('u')))).name).to.equal('UnknownStoreFormat');
    await client.close();
    await store.close();
  });

  it('that is dropped under a running store begins as an empty one', async () => {
    const store = await openMongoStore(place);
    await store.update('u', put('u'));
    await place.drop();
    expect(await store.get('u')).to.equal(undefined);
    await store.ping();
    expect((await store.update('u', put('u'))).member?.revision).to.equal(1);
    await place.drop();
    await store.update('v', put('v'));
    await place.drop();
    await store.update('u', put('u'));
    const client = new MongoClient(place.uri);
    await client.db(place.database).collection('meta').deleteMany({});
    await client.close();
    await store.update('u', remove);
    expect((await store.update('u', put('u'))).member?.revision, 'the mark of the deletion').to.equal(2);
    await store.close();
    await (await openMongoStore(place)).close();
  });

  it('is named by the URI, unless the caller names it', async () => {
    const withName = `${place.uri.replace(/\/$/, '')}/${place.database}`;
    const store = await openMongoStore({ uri: withName });
    await store.update('u', put('u'));
    await store.close();
    const same = await openMongoStore(place);
    expect(await same.get('u')).to.have.property('revision', 1);
    await same.close();
  });

  it('holds one document per member, with its format number; what is read has no marks of the store in it', async () => {
    const client = new MongoClient(place.uri);
    const store = await openMongoStore(place);
    const id = 'u';
    await store.update(id, put(id, { attributes: { big: 'x'.repeat(1000) }, holdings: { left: 5 } }));
    await store.update(id, takeWithKey(id, 'k', DAY), { key: 'k' });
    const document = await client.db(place.database).collection<{ _id: string }>('members').findOne({ _id: id });
    expect(document).to.have.property('format', 1);
    expect(Object.keys((document as unknown as { keys: object }).keys)).to.have.length(1);
    expect(await store.get(id)).to.not.have.any.keys('keys', 'writtenBy', 'format', '_id');
    await client.close();
    await store.close();
  });
});

describe('a MongoDB server that fails', function () {
  this.timeout(60_000);
  let server: RunningServer;
  let storage: string;
  let port: number;
  let door: LossyDoor;
  const open: MongoStore[] = [];

  before(async function () {
    storage = await mkdtemp(join(tmpdir(), 'perkbook-mongo-'));
    const started = await ownMongoServer({ storage });
    if (started === undefined) return this.skip();
    server = started;
    port = Number(new URL(server.uri).port);
    door = await openLossyDoor(port);
  });
  after(async () => {
    await door?.close();
    await server?.stop();
    await rm(storage, { recursive: true, force: true });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((store) => store.close()));
  });

  async function openStore(database: string, timeoutMs: number, uri = server.uri): Promise<MongoStore> {
    const store = await openMongoStore({ uri, database, timeoutMs });
    open.push(store);
    return store;
  }

  it('is unreachable in time when it has stopped answering, and used again when it goes on', async () => {
    const store = await openStore('stopped', 500);
    await store.update('u', put('u', { holdings: { left: 3 } }));
    await pause(server.pid ?? 0);
    try {
      for (const call of [
        async () => store.get('u'),
        async () => store.update('u', takeOne),
        async () => store.list(undefined, 1),
        async () => store.count(),
        async () => store.ping(),
      ]) {
        const begun = performance.now();
        const error = await failureOf(call());
        expect(error.name).to.equal('StoreUnreachable');
        expect(error.cause).to.not.equal(undefined);
        expect(performance.now() - begun).to.be.below(1500);
      }
      const begun = performance.now();
      const many = await Promise.all(Array.from({ length: 20 }, () => failureOf(store.update('u', takeOne))));
      expect(many.every((error) => error.name === 'StoreUnreachable')).to.equal(true);
      expect(performance.now() - begun, 'those in the queue wait no longer').to.be.below(1500);
    } finally {
      process.kill(server.pid ?? 0, 'SIGCONT');
    }
    await until(() =>
      store.ping().then(
        () => true,
        () => false,
      ),
    );
    const left = (await store.get('u'))?.holdings.left ?? 0;
    expect((await store.update('u', takeOne)).member?.holdings).to.deep.equal({ left: left - 1 });
  });

  it('does not hold up decisions when it has stopped answering: half a second once, then nobody waits', async () => {
    const store = withBreaker(await openStore('held-up', 3000));
    const { facts, members } = withFactsCache(store);
    await facts.read('known');
    await pause(server.pid ?? 0);
    try {
      const timed = async (id: string) => {
        const begun = performance.now();
        expect((await facts.read(id)).state).to.equal('unreachable');
        return performance.now() - begun;
      };
      expect(await timed('a')).to.be.within(450, 900);
      for (const id of ['b', 'c', 'a']) expect(await timed(id)).to.be.below(20);
      await until(() => store.outages?.count === 1);
      const times = await Promise.all(['d', 'e', 'f', 'g', 'a'].map(timed));
      expect(Math.max(...times)).to.be.below(20);
      const begun = performance.now();
      expect((await failureOf(members.update('u', takeOne))).name).to.equal('StoreUnreachable');
      expect(performance.now() - begun, 'nor a write').to.be.below(20);
    } finally {
      process.kill(server.pid ?? 0, 'SIGCONT');
    }
    const back = performance.now();
    await until(() => store.outages?.isDown === false);
    expect(performance.now() - back).to.be.below(2000);
    expect(await facts.read('a')).to.deep.equal({ state: 'fresh', member: undefined });
    await store.close();
  });

  it('loses no acknowledged write when it is killed, and the store finds it again', async () => {
    const store = await openStore('killed', 3000);
    const acknowledged: string[] = [];
    const writers = Array.from({ length: 8 }, async (_, lane) => {
      for (let n = 0; ; n += 1) {
        const id = `u-${lane}-${n}`;
        await store.update(id, put(id, { holdings: { n } }));
        acknowledged.push(id);
        if (acknowledged.length === 200) void server.kill9();
      }
    });
    const ended = await Promise.all(writers.map((writer) => failureOf(writer)));
    expect(ended.map((error) => error.name)).to.deep.equal(ended.map(() => 'StoreUnreachable'));
    expect((await failureOf(openMongoStore({ uri: server.uri, timeoutMs: 300 }))).name).to.equal('StoreUnreachable');

    await server.kill9();
    const again = await ownMongoServer({ storage, port });
    if (again === undefined) throw new Error('it was there before');
    server = again;
    await store.ping();
    for (const id of acknowledged) {
      expect((await store.get(id))?.holdings, `${id} was acknowledged`).to.deep.equal({ n: Number(id.split('-')[2]) });
    }
  });

  for (const retryWrites of [true, false]) {
    for (const times of [1, 2]) {
      it(`whose answer to a write is lost ${times} times has it once (retryWrites=${retryWrites})`, async () => {
        const database = `lost-${retryWrites}-${times}`;
        const direct = await openStore(database, 3000);
        const uri = `mongodb://127.0.0.1:${door.port}/?directConnection=true&retryWrites=${retryWrites}`;
        const store = await openStore(database, 3000, uri);
        await direct.update('u', put('u', { holdings: { left: 9 } }));

        const lostBefore = door.lost;
        door.loseAnswersTo('updates', times);
        const outcome = await store.update('u', takeOne).catch((error: unknown) => error);
        door.loseAnswersTo('', 0);
        expect(door.lost - lostBefore, 'answers lost').to.be.within(1, times);
        const member = await direct.get('u');
        expect(member?.holdings).to.deep.equal({ left: 8 });
        expect(member?.revision).to.equal(2);
        if (times === 1) expect(outcome).to.deep.include({ result: true, member });
      });
    }

    it(`whose answer to a first write is lost has it once (retryWrites=${retryWrites})`, async () => {
      const database = `lost-insert-${retryWrites}`;
      const direct = await openStore(database, 3000);
      const uri = `mongodb://127.0.0.1:${door.port}/?directConnection=true&retryWrites=${retryWrites}`;
      const store = await openStore(database, 3000, uri);
      door.loseAnswersTo('documents', 1);
      const { result, member } = await store.update('u', takeWithKey('u', 'k', DAY), { key: 'k' });
      door.loseAnswersTo('', 0);
      expect(result).to.equal('taken');
      expect(member).to.deep.equal(await direct.get('u'));
      expect(member?.holdings).to.deep.equal({ taken: 1 });

      door.loseAnswersTo('deletes', 1);
      await store.update('u', remove);
      door.loseAnswersTo('', 0);
      expect(await direct.get('u')).to.equal(undefined);
    });
  }
});
