import { expect } from 'chai';
import * as fc from 'fast-check';
import type { ApiKey } from '../../src/domain/api-key.ts';
import { isWholeKey, keyIdIn, newKeyText } from '../../src/use-cases/keys/key-text.ts';
import { LiveKeys } from '../../src/use-cases/keys/live-keys.ts';
import { makeKey } from '../../src/use-cases/keys/make-key.ts';
import { type KeyStore, KeyStoreUnreachable } from '../../src/use-cases/keys/ports.ts';

/** A store that can be away, and says how often it was asked. */
class OneStore implements KeyStore {
  keys: ApiKey[] = [];
  isAway = false;
  looks = 0;
  tell: () => void = () => undefined;

  async list() {
    this.looks++;
    if (this.isAway) throw new KeyStoreUnreachable('away');
    return [...this.keys];
  }
  async add(key: ApiKey) {
    this.keys.push(key);
  }
  async revoke(id: string, at: number) {
    this.keys = this.keys.map((key) => (key.id === id ? { ...key, revokedAt: at } : key));
    return this.keys.find((key) => key.id === id);
  }
  watch(mayHaveChanged: () => void) {
    this.tell = mayHaveChanged;
    return { stop: async () => {} };
  }
  async close() {}
}

const WANTED = { name: 'x', scopes: ['decide'], ruleSets: null, expiresAt: null } as const;

describe('the keys in memory', () => {
  let store: OneStore;
  let live: LiveKeys;
  let elapsed = 0;
  let now = 0;

  beforeEach(async () => {
    store = new OneStore();
    elapsed = 0;
    now = 1_000_000;
    live = await LiveKeys.open(store, { elapsed: () => elapsed, now: () => now, believedForMs: 600_000 });
  });

  it('are checked without asking the store', async () => {
    const { text, key } = await makeKey(store, WANTED, now);
    await live.look();
    const { looks } = store;
    for (let i = 0; i < 5; i++) expect(live.callerOf(text)).to.include({ id: key.id, ruleSets: null });
    expect(store.looks).to.equal(looks);
  });

  it('go on for ten minutes while the store is away, and no longer', async () => {
    const { text, key } = await makeKey(store, WANTED, now);
    await live.look();
    store.isAway = true;
    elapsed = 600_000;
    await live.look().catch(() => undefined);
    expect(live.callerOf(text)).to.include({ id: key.id });
    elapsed = 600_001;
    expect(() => live.callerOf(text)).to.throw(KeyStoreUnreachable);
    store.isAway = false;
    await live.look();
    expect(live.callerOf(text)).to.include({ id: key.id });
  });

  it('say since when they could not be read anew, and whether they are still believed', async () => {
    expect([live.unreadSince, live.areBelieved]).to.deep.equal([undefined, true]);
    store.isAway = true;
    now += 5_000;
    elapsed = 5_000;
    await live.look().catch(() => undefined);
    expect([live.unreadSince, live.areBelieved]).to.deep.equal([1_000_000, true]);
    elapsed = 600_001;
    expect([live.unreadSince, live.areBelieved]).to.deep.equal([1_000_000, false]);
    store.isAway = false;
    await live.look();
    expect([live.unreadSince, live.areBelieved]).to.deep.equal([undefined, true]);
  });

  it('say so too where nobody looks any more', () => {
    elapsed = 600_001;
    expect([live.unreadSince, live.areBelieved]).to.deep.equal([1_000_000, false]);
  });

  it('of which one is unknown make the store be asked, but never often, and not while it is away', async () => {
    const { looks } = store;
    const asked = Array.from({ length: 50 }, () => live.lookForUnknown());
    await makeKey(store, WANTED, now);
    await Promise.all(asked);
    expect(store.looks).to.equal(looks + 1);
    expect(live.any).to.equal(true);
    store.isAway = true;
    await live.look().catch(() => undefined);
    const failed = await Promise.all(
      Array.from({ length: 20 }, () => live.lookForUnknown().catch((error: unknown) => error)),
    );
    for (const error of failed) expect(error).to.be.instanceOf(KeyStoreUnreachable);
    expect(store.looks).to.equal(looks + 2);
  });

  it('of which one is unknown long after the last look make the store be asked each time', async () => {
    for (const looks of [2, 3, 4]) {
      elapsed += 1_000;
      await live.lookForUnknown();
      expect(store.looks).to.equal(looks);
    }
  });

  it('know after a look what was stored before it, also when somebody else was looking already', async () => {
    const looking = live.look();
    const { text, key } = await makeKey(store, WANTED, now);
    store.keys = store.keys.slice();
    await Promise.all([live.look(), looking]);
    expect(live.callerOf(text)).to.include({ id: key.id });
  });

  it('were there once and for all: that all are gone opens nothing', async () => {
    expect(live.any).to.equal(false);
    await makeKey(store, WANTED, now);
    await live.look();
    store.keys = [];
    await live.look();
    expect(live.any).to.equal(true);
  });

  it('are called revoked or expired only to who has them', async () => {
    const { text, key } = await makeKey(store, { ...WANTED, expiresAt: now + 10 }, now);
    const other = key.id + newKeyText().slice(key.id.length);
    await live.look();
    expect(live.callerOf(text)).to.include({ id: key.id });
    now += 10;
    expect([live.callerOf(text), live.callerOf(other)]).to.deep.equal(['expired', 'unknown']);
    await store.revoke(key.id, now);
    await live.look();
    expect([live.callerOf(text), live.callerOf(other)]).to.deep.equal(['revoked', 'unknown']);
  });
});

describe('a key', () => {
  it('is of one form, and never the same again', () => {
    const keys = Array.from({ length: 500 }, newKeyText);
    for (const key of keys) {
      expect(key).to.match(/^pk_[0-9a-z]{10}_[0-9A-Za-z]{49}$/);
      expect(isWholeKey(key)).to.equal(true);
    }
    expect(new Set(keys).size).to.equal(500);
    expect(new Set(keys.map(keyIdIn)).size).to.equal(500);
  });

  it('is told from one with a wrong character, and from one that is cut off', () => {
    fc.assert(
      fc.property(fc.nat(62), fc.constantFrom(...'0aZ9_-'), (place, character) => {
        const key = newKeyText();
        const mistyped = key.slice(0, place) + character + key.slice(place + 1);
        return mistyped === key || !isWholeKey(mistyped);
      }),
    );
    const key = newKeyText();
    for (let length = 0; length < key.length; length++) expect(isWholeKey(key.slice(0, length))).to.equal(false);
  });
});
