import { expect } from 'chai';
import type { ApiKey } from '../../src/domain/api-key.ts';
import { openEmbeddedKeys } from '../../src/stores/keys/embedded-keys.ts';
import { openMongoKeys } from '../../src/stores/keys/mongo-keys.ts';
import { LiveKeys } from '../../src/use-cases/keys/live-keys.ts';
import { makeKey } from '../../src/use-cases/keys/make-key.ts';
import { type KeyStore, KeyStoreUnreachable } from '../../src/use-cases/keys/ports.ts';
import { hasMongo, mongoDatabase, ownMongoServer } from './mongo-server.ts';
import { removeTemporaryFolders, temporaryFolder } from './temporary.ts';

const WANTED = {
  name: 'the shop',
  scopes: ['decide', 'consume'],
  ruleSets: ['shop'],
  expiresAt: 2_000_000_000_000,
} as const;

/** What both stores of keys promise. `again`: the same store, opened by somebody else. */
function keepsKeys(
  open: () => Promise<{ readonly store: KeyStore; again(): Promise<KeyStore>; end(): Promise<void> }>,
): void {
  let store: KeyStore;
  let opened: Awaited<ReturnType<typeof open>>;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(async () => {
    await store.close();
    await opened.end();
  });

  it('gives back what was kept, the oldest first, without the key itself', async () => {
    expect(await store.list()).to.deep.equal([]);
    const later = await makeKey(store, { ...WANTED, ruleSets: null, expiresAt: null }, 2_000);
    const first = await makeKey(store, WANTED, 1_000);
    expect(await store.list()).to.deep.equal([first.key, later.key]);
    expect(JSON.stringify(await store.list())).to.not.include(first.text.slice(14));
  });

  it('revokes a key once, and knows who was never there', async () => {
    const { key } = await makeKey(store, WANTED, 1_000);
    expect(await store.revoke(key.id, 5_000)).to.deep.equal({ ...key, revokedAt: 5_000 });
    expect(await store.revoke(key.id, 6_000)).to.deep.equal({ ...key, revokedAt: 5_000 });
    expect(await store.revoke('pk_0000000000', 6_000)).to.equal(undefined);
    expect(await store.list()).to.deep.equal([{ ...key, revokedAt: 5_000 }]);
  });

  it('keeps its keys believed for as long as it can be read, also when nothing changes', async () => {
    const { text, key } = await makeKey(store, { ...WANTED, expiresAt: null }, 1_000);
    const live = await LiveKeys.open(await opened.again(), { believedForMs: 1_500 });
    try {
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      expect(live.callerOf(text)).to.include({ id: key.id });
    } finally {
      await live.close();
    }
  }).timeout(10_000);

  it('tells within a second what somebody else has changed', async () => {
    const other = await opened.again();
    try {
      const { key } = await makeKey(other, WANTED, 1_000);
      const seen = new Promise<readonly ApiKey[]>((resolve) => {
        const watching = store.watch(async () => {
          const keys = await store.list();
          if (keys[0]?.revokedAt !== 7_000) return;
          await watching.stop();
          resolve(keys);
        });
      });
      const began = performance.now();
      await other.revoke(key.id, 7_000);
      expect(await seen).to.deep.equal([{ ...key, revokedAt: 7_000 }]);
      expect(performance.now() - began).to.be.lessThan(1_000);
    } finally {
      await other.close();
    }
  });

  it('keeps every key that many make at once', async () => {
    const others = await Promise.all([opened.again(), opened.again()]);
    const made = await Promise.all(
      [store, ...others].flatMap((each) => [1, 2, 3, 4].map((at) => makeKey(each, WANTED, at))),
    );
    expect(new Set((await store.list()).map(({ id }) => id))).to.deep.equal(new Set(made.map(({ key }) => key.id)));
    await Promise.all(others.map((each) => each.close()));
  });
}

describe('keys in the embedded store', () => {
  after(removeTemporaryFolders);
  keepsKeys(async () => {
    const folder = await temporaryFolder();
    const again = () => openEmbeddedKeys(folder);
    return { store: await again(), again, end: async () => {} };
  });
});

describe('keys in MongoDB', function () {
  this.timeout(30_000);
  before(function () {
    if (!hasMongo()) this.skip();
  });

  if (hasMongo()) {
    keepsKeys(async () => {
      const found = await mongoDatabase();
      if (found === undefined) throw new Error('there is no server');
      const again = () => openMongoKeys({ ...found, timeoutMs: 20_000 });
      return { store: await again(), again, end: found.drop };
    });
  }

  it('are said to be out of reach, in time, when the server is', async function () {
    const server = await ownMongoServer();
    if (server === undefined) return this.skip();
    const store = await openMongoKeys({ uri: server.uri, timeoutMs: 500 });
    await server.kill9();
    const began = performance.now();
    const error = await store.list().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(KeyStoreUnreachable);
    expect(performance.now() - began).to.be.lessThan(1_500);
    await store.close();
  });
});
