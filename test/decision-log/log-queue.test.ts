import { expect } from 'chai';
import { type KeyTable, UserKeys } from '../../src/decision-log/keys/user-keys.ts';
import { LogQueue } from '../../src/decision-log/log-queue.ts';
import type { LogQueueOptions } from '../../src/decision-log/log-queue-options.ts';
import type { Sink } from '../../src/decision-log/sinks/sink.ts';
import type { ApiLogEntry } from '../../src/generated/answers/log/entry.ts';
import { PRESENT } from '../support/arbitrary-member.ts';
import { until } from '../support/expecting.ts';
import { membership } from '../support/rule-sets.ts';
import { told } from './telling.ts';

const KEY = 'A'.repeat(43);
const TURBO = { action: 'generation.turbo', input: {}, resource: null, amount: 1 };

function answer(user: string, context: Readonly<Record<string, unknown>> = {}) {
  const question = { ...TURBO, subject: { type: 'user', id: user, properties: {} }, context };
  return told(membership, { state: 'fresh', member: undefined }, question, PRESENT);
}

const table: KeyTable = {
  keysOf: async (asked) => asked.map(() => ({ key: KEY, forgottenAt: undefined })),
  keyOf: async () => KEY,
  forget: async () => true,
  tidy: async () => {},
  close: async () => {},
};

/** A sink that takes what it is allowed to. */
class Slow implements Sink<ApiLogEntry> {
  readonly written: ApiLogEntry[] = [];
  down = false;
  wait: Promise<void> | undefined;
  form(entry: ApiLogEntry): ApiLogEntry {
    return entry;
  }
  async write(entries: readonly ApiLogEntry[]) {
    await this.wait;
    if (this.down) throw new Error('down');
    this.written.push(...entries);
    return { done: entries.length, dropped: 0 };
  }
  async close() {}
}

function queueOf(sink: Sink<ApiLogEntry>, options: Partial<LogQueueOptions> = {}, keys: KeyTable = table) {
  return new LogQueue(sink, new UserKeys(keys), {
    masks: [],
    sample: 1,
    onFailure: () => {},
    gatherMs: 1,
    retryMs: 5,
    ...options,
  });
}

describe('the queue of the decision log', () => {
  it('never makes anybody wait: what it takes is written later, in order', async () => {
    const sink = new Slow();
    const queue = queueOf(sink);
    for (let i = 0; i < 2500; i++) queue.add(answer(`u-${i}`, { i }));
    expect(sink.written, 'in the same turn').to.deep.equal([]);
    expect(queue.waiting).to.equal(2500);
    await until(() => queue.written === 2500);
    expect(sink.written.map(({ context }) => context?.i)).to.deep.equal(Array.from({ length: 2500 }, (_, i) => i));
    const times = sink.written.map(({ time }) => time);
    expect(times).to.deep.equal([...times].sort());
    expect([queue.waiting, queue.dropped, queue.failed]).to.deep.equal([0, 0, 0]);
  });

  it('has the time of the clock again once that is put right, and no other order for a small correction', async () => {
    const real = Date.now;
    const sink = new Slow();
    const queue = queueOf(sink);
    const day = 86_400_000;
    try {
      for (const ahead of [0, 400 * day, 400 * day - 3000, 0, -3000, 1000]) {
        Date.now = () => PRESENT + ahead;
        queue.add(answer('u'));
      }
    } finally {
      Date.now = real;
    }
    await until(() => queue.written === 6);
    const times = sink.written.map(({ time }) => Date.parse(time) - PRESENT);
    expect(times).to.deep.equal([0, 400 * day, 400 * day, 0, 0, 1000]);
    await queue.close(100);
  });

  it('has a bound, and counts what it drops beyond it', async () => {
    const sink = new Slow();
    const queue = queueOf(sink, { mostWaiting: 100 });
    for (let i = 0; i < 130; i++) queue.add(answer('u'));
    expect([queue.waiting, queue.dropped]).to.deep.equal([100, 30]);
    await queue.close(1000);
    expect(sink.written).to.have.lengthOf(100);
  });

  it('has a bound of bytes, which large questions reach first', async () => {
    const queue = queueOf(new Slow(), { mostBytes: 1_000_000 });
    for (let i = 0; i < 30; i++) queue.add(answer('u', { text: 'x'.repeat(100_000) }));
    expect(queue.waiting).to.be.within(5, 10);
    expect(queue.dropped).to.equal(30 - queue.waiting);
    await queue.close(1000);
  });

  it('keeps what a sink cannot take until it can', async () => {
    const sink = new Slow();
    sink.down = true;
    const failures: unknown[] = [];
    const queue = queueOf(sink, { onFailure: (error) => failures.push(error) });
    queue.add(answer('u', { i: 1 }));
    await until(() => queue.failed >= 2);
    queue.add(answer('u', { i: 2 }));
    expect(failures[0]).to.be.an('error').with.property('message', 'down');
    sink.down = false;
    await until(() => queue.written === 2);
    expect(sink.written.map(({ context }) => context?.i)).to.deep.equal([1, 2]);
    expect(queue.dropped).to.equal(0);
  });

  it('writes nothing under the id of a user while there are no keys', async () => {
    let down = true;
    const sink = new Slow();
    const queue = queueOf(
      sink,
      {},
      {
        ...table,
        keysOf: async (asked) => {
          if (down) throw new Error('no keys');
          return table.keysOf(asked);
        },
      },
    );
    queue.add(answer('anna'));
    await until(() => queue.failed >= 2);
    expect([sink.written.length, queue.waiting]).to.deep.equal([0, 1]);
    down = false;
    await until(() => queue.written === 1);
    expect(sink.written[0]?.user).to.match(/^u:[\w-]{22}$/);
  });

  it('stops within its time, whatever the sink does', async () => {
    const sink = new Slow();
    sink.wait = new Promise(() => {});
    const queue = queueOf(sink);
    for (let i = 0; i < 10; i++) queue.add(answer('u'));
    const before = performance.now();
    await queue.close(50);
    expect(performance.now() - before).to.be.within(40, 1000);
    expect([queue.waiting, queue.dropped]).to.deep.equal([0, 10]);
    queue.add(answer('late'));
    expect(queue.dropped).to.equal(11);
  });
});

describe('an answer of which much is hostile', () => {
  for (const [what, context] of [
    ['very many values', { a: Array(10_001).fill(0) }],
    ['values very deep within each other', { a: JSON.parse('['.repeat(9000) + ']'.repeat(9000)) }],
  ] as const) {
    it(`is written without its ${what}`, async () => {
      const sink = new Slow();
      const queue = queueOf(sink);
      queue.add(answer('anna', context));
      await until(() => queue.written === 1);
      expect(queue.dropped).to.equal(0);
      expect(sink.written[0])
        .to.include({ decision: 'deny', action: 'generation.turbo' })
        .and.not.have.property('context');
      expect(sink.written[0]?.leftOut).to.deep.equal(['context']);
    });
  }

  it('lets others have their turn', async () => {
    const queue = queueOf(new Slow());
    const text = '-eyJ'.repeat(250_000);
    for (let i = 0; i < 40; i++) queue.add(answer('anna', { text }));
    let longest = 0;
    for (let last = performance.now(); queue.written < 40; ) {
      await new Promise((resolve) => setImmediate(resolve));
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }
    expect(longest).to.be.below(100);
  });
});

describe('what stands for a user', () => {
  it('follows from a key of the user’s own, and is another once that is forgotten', async () => {
    const keys = new Map<string, string>();
    let made = 0;
    const own = new UserKeys({
      ...table,
      keysOf: async (asked) =>
        asked.map(({ user }) => {
          if (!keys.has(user)) keys.set(user, String(made++).repeat(43));
          return { key: keys.get(user), forgottenAt: undefined };
        }),
      keyOf: async (user) => keys.get(user),
      forget: async (user) => keys.delete(user),
    });
    const of = (...users: string[]) => own.pseudonymsOf(users.map((user) => ({ user, time: PRESENT })));
    const [anna, ben, again] = await of('anna', 'ben', 'anna');
    expect(anna).to.not.equal(ben);
    expect(again).to.equal(anna);
    expect(await own.pseudonymOf('anna')).to.equal(anna);
    expect(await own.pseudonymOf('carl')).to.equal(undefined);
    expect(await own.forget('anna')).to.equal(true);
    expect(await own.pseudonymOf('anna')).to.equal(undefined);
    expect((await of('anna'))[0]).to.not.equal(anna);
    expect(await own.pseudonymOf('ben')).to.equal(ben);
  });
});
