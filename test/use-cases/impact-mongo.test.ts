import { expect } from 'chai';
import { randomMembers } from '../../src/cli/files/random-members.ts';
import { impactWorkers } from '../../src/impact-workers/measure-impact.ts';
import type { Version } from '../../src/rules/rule-set.ts';
import { type MongoStore, openMongoStore } from '../../src/stores/mongo/mongo-store.ts';
import { impactOf } from '../../src/use-cases/impact/impact-of.ts';
import { succeeding } from '../../src/use-cases/impact/succession.ts';
import { type MongoDatabase, mongoDatabase } from '../stores/mongo-server.ts';
import { PRESENT } from '../support/arbitrary-member.ts';
import { membershipVersions } from './impact-support.ts';

describe('impact over MongoDB', () => {
  let database: MongoDatabase | undefined;
  let store: MongoStore;
  let uri: string;

  before(async function () {
    this.timeout(60_000);
    database = await mongoDatabase();
    if (database === undefined) return this.skip();
    const url = new URL(database.uri);
    url.pathname = `/${database.database}`;
    uri = url.href;
    store = await openMongoStore({ uri });
  });
  after(async () => {
    await store?.close();
    await database?.drop();
  });

  it('is what judging the same members here gives, page by page and with less of each member', async () => {
    const changes = [{ policy: 'now' }, { policy: 'nextTerm', trainings: [0, 2, 5, 12], daily: [1, 2, 3, 4] }] as const;
    const [first, second] = membershipVersions(changes, [PRESENT - 90 * 86_400_000, PRESENT - 20 * 86_400_000]);
    const succession = succeeding({ id: 'pixai-membership', versions: [first as Version] }, second as Version);
    if (succession === undefined) throw new Error('there is nothing before it');
    // More than one page of the scan.
    const members = [...randomMembers(succession.candidate, 5, 1100, PRESENT)].sort((a, b) => (a.id < b.id ? -1 : 1));
    for (let i = 0; i < members.length; i += 50) {
      const some = members.slice(i, i + 50);
      await Promise.all(
        some.map((member) => store.update(member.id, () => ({ result: undefined, write: { member } }))),
      );
    }
    const question = { succession, at: PRESENT };
    const expected = await impactOf({ ...question, pages: [members] });
    expect(expected.lose).to.be.greaterThan(10);
    const progress: number[] = [];
    const measured = await impactWorkers({ kind: 'mongo', uri })(question, {
      onProgress: ({ done }) => progress.push(done),
    });
    expect(measured).to.deep.equal(expected);
    expect(progress.at(-1)).to.equal(1100);
  }).timeout(60_000);
});
