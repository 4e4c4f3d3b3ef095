import { expect } from 'chai';
import { type Member, newMember } from '../../src/domain/member.ts';
import { withBreaker } from '../../src/stores/breaker/with-breaker.ts';
import { type FactsCacheOptions, withFactsCache } from '../../src/stores/cache/facts-cache.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { openMongoStore } from '../../src/stores/mongo/mongo-store.ts';
import { type MemberStore, StoreUnreachable } from '../../src/use-cases/ports.ts';
import { failureOf, until } from '../support/expecting.ts';
import { put, remove } from './changes.ts';
import { mongoDatabase } from './mongo-server.ts';
import { removeTemporaryFolders, temporaryFolder } from './temporary.ts';

/** A store a network away: it answers when the test says so, can be down, and counts what it is asked. */
class RemoteStore implements MemberStore {
  readonly members = new Map<string, Member>();
  readonly waiting: (() => void)[] = [];
  reads = 0;
  isDown = false;
  isSlow = false;

  /** What another process writes. */
  write(id: string, revision: number): void {
    this.members.set(id, { ...newMember(id), revision });
  }

  async get(id: string): Promise<Member | undefined> {
    this.reads += 1;
    const found = this.members.get(id);
    if (this.isSlow) await new Promise<void>((resolve) => this.waiting.push(resolve));
    if (this.isDown) throw new StoreUnreachable('down');
    return found;
  }

  answerAll(): void {
    for (const answer of this.waiting.splice(0)) answer();
  }

  update: MemberStore['update'] = async (id, change) => {
    if (this.isDown) throw new StoreUnreachable('down');
    const { result, write } = change({ member: this.members.get(id), remembered: undefined });
    if (write?.member === undefined) this.members.delete(id);
    else this.members.set(id, { ...write.member, revision: (this.members.get(id)?.revision ?? 0) + 1 });
    return { result, member: this.members.get(id) };
  };
  page = async () => ({ members: [], unreadable: [], next: null });
  list = async () => [];
  count = async () => 0;
  ping = async () => {
    if (this.isDown) throw new StoreUnreachable('down');
  };
  close = async () => undefined;
}

describe('the cache of facts in front of a store a network away', () => {
  let store: RemoteStore;
  let time: number;
  beforeEach(() => {
    store = new RemoteStore();
    time = 1000;
  });

  function cache(options: FactsCacheOptions = {}) {
    const { facts, members } = withFactsCache(store, { now: () => time, ...options });
    const read = async (id: string, minRevision?: number) => {
      const found = await facts.read(id, minRevision);
      return found.state === 'unreachable' ? found.state : `${found.state} ${found.member?.revision ?? 'none'}`;
    };
    return { facts, members, read };
  }

  it('forgets who was asked for least recently when all are too large together', async () => {
    const { read } = cache({ maxBytes: 10_000 });
    for (const id of ['a', 'b', 'c']) {
      store.members.set(id, { ...newMember(id), revision: 1, attributes: { text: 'x'.repeat(4000) } });
      await read(id);
    }
    store.reads = 0;
    await read('c');
    await read('b');
    expect(store.reads).to.equal(0);
    await read('a');
    expect(store.reads).to.equal(1);
  });

  it('answers from what it knows for a second, at once, and then asks again', async () => {
    const { facts, read } = cache();
    store.write('u', 1);
    expect(await read('u')).to.equal('fresh 1');
    store.write('u', 2);
    time += 1000;
    expect(facts.read('u')).to.not.be.instanceOf(Promise);
    expect(await read('u')).to.equal('fresh 1');
    time += 1;
    expect(await read('u')).to.equal('fresh 2');
    expect(store.reads).to.equal(2);
  });

  it('knows for as long that there is no such member', async () => {
    const { read } = cache();
    expect(await read('nobody')).to.equal('fresh none');
    expect(await read('nobody')).to.equal('fresh none');
    expect(store.reads).to.equal(1);
    store.write('nobody', 1);
    time += 1001;
    expect(await read('nobody')).to.equal('fresh 1');
  });

  it('counts the age from when the store was asked, not from when it answered', async () => {
    const { read } = cache();
    store.write('u', 1);
    store.isSlow = true;
    const first = read('u');
    time += 900;
    store.answerAll();
    expect(await first).to.equal('fresh 1');
    store.isSlow = false;
    store.write('u', 2);
    time += 101;
    expect(await read('u')).to.equal('fresh 2');
  });

  it('asks once for all who ask at the same time, but not for somebody else', async () => {
    const { read } = cache();
    store.write('u', 1);
    store.isSlow = true;
    const many = Array.from({ length: 50 }, () => read('u'));
    const other = read('v');
    store.answerAll();
    expect(new Set(await Promise.all(many))).to.deep.equal(new Set(['fresh 1']));
    expect(await other).to.equal('fresh none');
    expect(store.reads).to.equal(2);
  });

  it('never answers with less than the revision that the caller knows of', async () => {
    const { read } = cache();
    store.write('u', 1);
    await read('u');
    store.write('u', 2);
    expect(await read('u', 1)).to.equal('fresh 1');
    expect(await read('u', 2)).to.equal('fresh 2');
    expect(await read('u'), 'and the newer one is known from then on').to.equal('fresh 2');
    expect(store.reads).to.equal(2);
    expect(await read('u', 9), 'a revision that nobody has').to.equal('fresh 2');
  });

  it('does not let a caller who knows more share a question asked before the write', async () => {
    const { read } = cache();
    store.write('u', 1);
    store.isSlow = true;
    const early = read('u');
    store.write('u', 2);
    const late = [read('u', 2), read('u', 2)];
    store.isSlow = false;
    store.answerAll();
    expect(await early).to.equal('fresh 1');
    expect(await Promise.all(late)).to.deep.equal(['fresh 2', 'fresh 2']);
    expect(store.reads).to.equal(2);
  });

  it('knows its own writes at once', async () => {
    const { members, read } = cache();
    await read('u');
    await members.update('u', put('u'));
    expect(await read('u')).to.equal('fresh 1');
    await members.update('u', put('u'));
    expect(await read('u')).to.equal('fresh 2');
    await members.update('u', remove);
    expect(await read('u')).to.equal('fresh none');
    expect(store.reads).to.equal(1);
  });

  it('is not set back by an answer that was on its way when it wrote', async () => {
    const { members, read } = cache();
    store.write('u', 1);
    store.isSlow = true;
    const early = read('u');
    await members.update('u', remove);
    store.answerAll();
    await early;
    store.isSlow = false;
    expect(await read('u')).to.equal('fresh none');
  });

  it('asks again after a write of which nobody knows whether it was done', async () => {
    const { members, read } = cache();
    store.write('u', 1);
    await read('u');
    store.isDown = true;
    await failureOf(members.update('u', put('u')));
    store.isDown = false;
    store.write('u', 2);
    expect(await read('u')).to.equal('fresh 2');
  });

  it('answers with what it last knew while the store is down, marked as stale, for a minute', async () => {
    const { read } = cache();
    store.write('u', 1);
    await read('u');
    await read('nobody');
    store.isDown = true;
    time += 1001;
    expect(await read('u')).to.equal('stale 1');
    expect(await read('nobody')).to.equal('stale none');
    expect(await read('never asked')).to.equal('unreachable');
    expect(await read('u', 2), 'an older answer than the caller has').to.equal('unreachable');
    time = 1000 + 60_000;
    expect(await read('u')).to.equal('stale 1');
    time += 1;
    expect(await read('u')).to.equal('unreachable');
  });

  it('does not let callers wait for a store that is down, and uses it again when it is back', async () => {
    const breaker = withBreaker(store, { probeEveryMs: 5 });
    const { facts } = withFactsCache(breaker, { now: () => time });
    const read = async (id: string) => {
      const found = await facts.read(id);
      return found.state === 'unreachable' ? found.state : `${found.state} ${found.member?.revision ?? 'none'}`;
    };
    for (const id of ['u', 'v', 'w']) store.write(id, 1);
    for (const id of ['u', 'v', 'w']) await read(id);
    store.isDown = true;
    time += 1001;
    await read('u');
    const reads = store.reads;
    for (const id of ['u', 'v', 'w', 'x']) expect(facts.read(id), id).to.not.be.instanceOf(Promise);
    await new Promise((resolve) => setTimeout(resolve, 30));
    time += 1001;
    for (const id of ['u', 'v', 'w', 'x']) expect(facts.read(id), id).to.not.be.instanceOf(Promise);
    expect(store.reads, 'none of them asks').to.equal(reads);
    expect(await Promise.all(['u', 'x'].map(read))).to.deep.equal(['stale 1', 'unreachable']);

    store.isDown = false;
    await until(() => breaker.outages?.isDown === false);
    for (const id of ['u', 'v', 'w']) expect(await read(id)).to.equal('fresh 1');
    await breaker.close();
  });

  it('never throws, and says why it could not read', async () => {
    const told: unknown[] = [];
    const { read } = cache({ onError: (error) => told.push(error) });
    const failure = new TypeError('a broken document');
    store.get = async () => {
      throw failure;
    };
    expect(await read('u')).to.equal('unreachable');
    expect(told).to.deep.equal([failure]);
  });

  it('remembers no more members than it may', async () => {
    const { read } = cache({ maxEntries: 3 });
    for (const id of ['a', 'b', 'c', 'd']) await read(id);
    expect(store.reads).to.equal(4);
    for (const id of ['d', 'c', 'b']) await read(id);
    expect(store.reads).to.equal(4);
    await read('a');
    expect(store.reads).to.equal(5);
  });

  it('serves the MongoDB store the same way', async function () {
    this.timeout(20_000);
    const place = await mongoDatabase();
    if (place === undefined) return this.skip();
    const [mine, other] = [await openMongoStore(place), await openMongoStore(place)];
    const { facts, members } = withFactsCache(mine, { now: () => time });
    await other.update('u', put('u'));
    expect(await facts.read('u')).to.have.nested.property('member.revision', 1);
    await other.update('u', put('u'));
    expect(await facts.read('u')).to.have.nested.property('member.revision', 1);
    expect(await facts.read('u', 2)).to.have.nested.property('member.revision', 2);
    await members.update('u', put('u'));
    expect(await facts.read('u')).to.have.nested.property('member.revision', 3);
    await mine.close();
    time += 2000;
    expect(await facts.read('u')).to.have.property('state', 'stale');
    await other.close();
    await place.drop();
  });
});

describe('the cache of facts in front of the embedded store', () => {
  after(removeTemporaryFolders);

  it('answers at once with what any process last wrote, and decodes it once', async () => {
    const folder = await temporaryFolder();
    const store = await openEmbeddedStore({ folder });
    const { facts, members } = withFactsCache(store);
    expect(facts.read('u')).to.deep.equal({ state: 'fresh', member: undefined });
    await members.update('u', put('u'));
    const first = facts.read('u');
    expect(first).to.have.nested.property('member.revision', 1);
    const known = (answer: unknown) => (answer as { member: Member }).member;
    expect(known(facts.read('u'))).to.equal(known(first));

    await store.update('u', put('u'));
    expect(facts.read('u')).to.have.nested.property('member.revision', 2);
    await store.update('u', remove);
    expect(facts.read('u')).to.deep.equal({ state: 'fresh', member: undefined });
    await store.update('u', put('u', { holdings: { new: 1 } }));
    expect(known(facts.read('u')).holdings).to.deep.equal({ new: 1 });
    await store.close();
    expect(facts.read('u')).to.deep.equal({ state: 'unreachable' });
  });
});
