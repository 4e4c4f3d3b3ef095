import { expect } from 'chai';
import { MongoClient } from 'mongodb';
import { hasMongo, mongoDatabase, ownMongoServer } from '../../stores/mongo-server.ts';
import { until } from '../../support/expecting.ts';
import { pause } from '../../support/pause.ts';
import { run, SIX_LORAS } from '../running.ts';
import { bearer, idIn, withKeys } from './with-keys.ts';

describe('evaluators with one MongoDB', function () {
  this.timeout(40_000);
  before(function () {
    if (!hasMongo()) this.skip();
  });

  it('believe a key at once that another has made, and within a second no more once it is revoked', async () => {
    const database = await mongoDatabase();
    if (database === undefined) throw new Error('there is no server');
    const mongodbUri = database.uri.replace(/\/?(\?|$)/, `/${database.database}$1`);
    const one = await withKeys(await run({ mongodbUri }, () => {}));
    const two = await run({ mongodbUri }, () => {});
    try {
      const ask = (key: Readonly<Record<string, string>>) => two.post('/v1/decisions', SIX_LORAS, key);
      expect((await two.post('/v1/decisions', SIX_LORAS)).status).to.equal(401);
      for (let i = 0; i < 5; i++) expect((await ask(await one.key(['decide']))).status).to.equal(200);
      const key = await one.key(['decide']);
      expect((await ask(key)).status).to.equal(200);
      await one.send('DELETE', `/v1/keys/${idIn(key)}`, undefined, one.admin);
      expect((await one.post('/v1/decisions', SIX_LORAS, key)).status).to.equal(401);
      await until(async () => (await ask(key)).status === 401, 1_100);
    } finally {
      await Promise.all([one.close(), two.close()]);
      await database.drop();
    }
  });

  it('say to anybody since when the keys could not be read anew, and go on being ready', async () => {
    const database = await mongoDatabase();
    if (database === undefined) throw new Error('there is no server');
    const mongodbUri = database.uri.replace(/\/?(\?|$)/, `/${database.database}$1`);
    const server = await withKeys(await run({ mongodbUri }, () => {}));
    const client = new MongoClient(database.uri);
    try {
      const usual = (await server.get('/readyz')).json;
      expect(usual).to.include({ status: 'ready' }).and.not.have.property('keysUnreadSince');
      const keys = client.db(database.database).collection<{ _id: string; format: number }>('api_keys');
      const before = Date.now();
      // As a newer perkbook would keep one, while evaluators are updated one after the other.
      await keys.insertOne({ _id: 'pk_newer', format: 99 });
      await until(async () => (await server.get('/readyz')).json.keysUnreadSince !== undefined, 3_000);
      const { status, json } = await server.get('/readyz');
      expect(status).to.equal(200);
      const { keysUnreadSince, ...rest } = json;
      expect(rest).to.deep.equal(usual);
      expect(Date.parse(keysUnreadSince)).to.be.within(before - 2_000, Date.now());
      expect((await server.post('/v1/decisions', SIX_LORAS, server.admin)).status).to.equal(200);
      await keys.deleteOne({ _id: 'pk_newer' });
      await until(async () => (await server.get('/readyz')).json.keysUnreadSince === undefined, 3_000);
    } finally {
      await Promise.all([server.close(), client.close()]);
      await database.drop();
    }
  });

  it('say so while MongoDB is paused, and no more once it goes on', async function () {
    const mongo = await ownMongoServer();
    if (mongo === undefined) return this.skip();
    const server = await withKeys(await run({ mongodbUri: mongo.uri }, () => {}));
    const unread = async () => (await server.get('/readyz')).json.keysUnreadSince;
    try {
      await pause(mongo.pid ?? 0);
      const paused = Date.now();
      await until(async () => (await unread()) !== undefined, 4_000);
      const since = await unread();
      expect(Date.parse(since)).to.be.within(paused - 2_000, paused);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(await unread(), 'it is when they were read last').to.equal(since);
      process.kill(mongo.pid ?? 0, 'SIGCONT');
      await until(async () => (await unread()) === undefined, 3_000);
    } finally {
      process.kill(mongo.pid ?? 0, 'SIGCONT');
      await server.close();
      await mongo.stop();
    }
  });

  it('go on with the keys they know while it is away, and let nobody in whom they do not', async function () {
    const mongo = await ownMongoServer();
    if (mongo === undefined) return this.skip();
    const logged: string[] = [];
    const server = await withKeys(await run({ mongodbUri: mongo.uri }, ({ message }) => logged.push(String(message))));
    const other = await withKeys(await run({}, () => {}));
    const known = await server.key(['decide']);
    try {
      await mongo.kill9();
      const stranger = bearer(other.admin.Authorization?.slice(7) ?? '');
      const refused = await server.post('/v1/decisions', SIX_LORAS, stranger);
      expect(refused.json).to.include({ status: 503, code: 'keys_unreachable' });
      expect(refused.headers.get('retry-after')).to.equal('1');
      expect((await server.post('/v1/decisions', SIX_LORAS, known)).json).to.include({ degraded: true });
      expect((await server.post('/v1/decisions', SIX_LORAS, bearer('pk_mistyped'))).status).to.equal(401);
      const began = performance.now();
      expect((await server.post('/v1/decisions', SIX_LORAS, stranger)).status).to.equal(503);
      expect(performance.now() - began).to.be.lessThan(300);
      const made = await server.post('/v1/keys', { name: 'x', scopes: ['decide'] }, server.admin);
      expect(made.json).to.include({ status: 503, code: 'keys_unreachable' });
      expect(logged.filter((message) => message.startsWith('the keys cannot be read'))).to.have.lengthOf(1);
    } finally {
      await Promise.all([server.close(), other.close()]);
    }
  });
});
