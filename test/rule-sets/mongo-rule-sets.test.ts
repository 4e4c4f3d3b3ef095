import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { MongoClient } from 'mongodb';
import { folderStore } from '../../src/rule-sets/folder/folder-store.ts';
import { LiveRules } from '../../src/rule-sets/live-rules.ts';
import { mongoDrafts } from '../../src/rule-sets/mongo/mongo-drafts.ts';
import { type MongoRuleSets, mongoRuleSets } from '../../src/rule-sets/mongo/mongo-rule-sets.ts';
import { connectRules } from '../../src/rule-sets/mongo/mongo-rules-connection.ts';
import { seedFromFolder } from '../../src/rule-sets/seed.ts';
import { RuleStoreUnreachable } from '../../src/use-cases/ports.ts';
import { hasMongo, type MongoDatabase, mongoDatabase, ownMongoServer } from '../stores/mongo-server.ts';
import { until } from '../support/expecting.ts';
import { itKeepsRuleSets, newVersion } from './contract.ts';
import { SHOP, shop } from './publishing.ts';

const it_ = hasMongo() ? it : it.skip;

describe('rule sets in MongoDB', function () {
  this.timeout(20_000);
  if (hasMongo()) {
    itKeepsRuleSets(async () => {
      const { uri, database, drop } = await databaseOrFail();
      return {
        open: async () => {
          const connection = await connectRules({ uri, database, timeoutMs: 20_000 });
          return { store: mongoRuleSets(connection), drafts: mongoDrafts(connection) };
        },
        remove: drop,
      };
    });
  }

  describe('and what only MongoDB has', () => {
    let target: MongoDatabase;
    let store: MongoRuleSets;
    const afterwards: (() => Promise<void>)[] = [];
    const logged: Readonly<Record<string, unknown>>[] = [];
    const log = (entry: Readonly<Record<string, unknown>>) => void logged.push(entry);

    beforeEach(async function () {
      if (!hasMongo()) this.skip();
      target = await databaseOrFail();
      store = mongoRuleSets(await connectRules({ ...target, timeoutMs: 20_000 }));
      logged.length = 0;
    });
    afterEach(async () => {
      for (const work of afterwards.splice(0).reverse()) await work();
      await store.close();
      await target.drop();
    });

    it_('is filled from the folder while it is empty, in one step each', async () => {
      await Promise.all([seedFromFolder(store, 'rules', { log }), seedFromFolder(store, 'rules', { log })]);
      const { ruleSets, history } = await store.read();
      expect(ruleSets.map(({ id, versions }) => [id, versions.length])).to.deep.equal([
        ['documents', 2],
        ['pixai-membership', 1],
      ]);
      expect(history.get('documents')?.[0]).to.include({ author: 'unknown', note: 'from the folder of rules' });
      expect(logged.filter(({ level }) => level === 'warn')).to.deep.equal([]);
    });

    it_('is never changed by a folder, also not one that has more', async () => {
      await seedFromFolder(store, 'rules', { log });
      await store.publish(newVersion(1, SHOP));
      await store.withdraw('shop', 1, newVersion(1, SHOP).publication.digest);
      const before = await store.read();
      const folder = await mkdtemp(join(tmpdir(), 'perkbook-rules-'));
      await folderStore(folder).publish(newVersion(1, SHOP));
      await seedFromFolder(store, folder, { log });
      await rm(folder, { recursive: true });
      expect(await store.read()).to.deep.equal(before);
      await seedFromFolder(store, 'no-such-folder', { log });
      expect(await store.read()).to.deep.equal(before);
    });

    it_('is looked at each second where the server has no change stream', async () => {
      const connection = await connectRules({ ...target, timeoutMs: 20_000 });
      const ruleSets = new Proxy(connection.ruleSets, {
        get: (collection, name) => {
          if (name === 'watch') throw new Error('no change streams here');
          const value: unknown = Reflect.get(collection, name);
          return typeof value === 'function' ? value.bind(collection) : value;
        },
      });
      await store.publish(newVersion(1, SHOP));
      const live = await LiveRules.open(mongoRuleSets({ ...connection, ruleSets }), { log });
      try {
        await store.publish(newVersion(2, shop(2, 16)));
        await until(() => live.book.ruleSets.get('shop')?.versions.length === 2);
      } finally {
        await live.close();
        await connection.client.close();
      }
    });

    it_('may be away: the rules in force go on, and what was published meanwhile is seen', async function () {
      const storage = await mkdtemp(join(tmpdir(), 'perkbook-mongo-'));
      afterwards.push(() => rm(storage, { recursive: true, force: true }));
      const first = await ownMongoServer({ storage });
      if (first === undefined) return this.skip();
      afterwards.push(() => first.stop());
      const { uri } = first;
      const own = mongoRuleSets(await connectRules({ uri, timeoutMs: 1_500 }));
      afterwards.push(() => own.close());
      await own.publish(newVersion(1, SHOP));
      const live = await LiveRules.open(own, { log });
      afterwards.push(() => live.close());
      const { book } = live;
      await first.stop();
      await until(() => live.loads.unreachable > 0, 8_000);
      expect(live.book).to.equal(book);
      const failed = await own.publish(newVersion(2, shop(2, 16))).catch((error: unknown) => error);
      expect(failed).to.be.instanceOf(RuleStoreUnreachable);
      const again = await ownMongoServer({ storage, port: Number(new URL(uri).port) });
      if (again === undefined) throw new Error('the server did not come back');
      afterwards.push(() => again.stop());
      const other = mongoRuleSets(await connectRules({ uri }));
      afterwards.push(() => other.close());
      await other.publish(newVersion(2, shop(2, 16)));
      await until(() => live.book.ruleSets.get('shop')?.versions.length === 2, 5_000);
      expect(logged.map(({ message }) => String(message).split(',')[0])).to.deep.equal([
        'the rules cannot be read',
        'the rules can be read again',
        'new rules are in force',
      ]);
    });

    it_('does not count a content that was left over by a crash', async () => {
      await store.publish(newVersion(1, SHOP));
      const client = new MongoClient(target.uri);
      const versions = client.db(target.database).collection<{ readonly _id: string }>('rule_versions');
      const [first] = await versions.find().toArray();
      await versions.insertOne({ ...first, _id: 'left-over', version: 2 } as never);
      expect((await store.read()).ruleSets[0]?.versions).to.have.length(1);
      expect(await store.publish(newVersion(2, shop(2, 16)))).to.equal('done');
      await client.close();
    });
  });
});

async function databaseOrFail(): Promise<MongoDatabase> {
  const target = await mongoDatabase();
  if (target === undefined) throw new Error('there is no MongoDB server');
  return target;
}
