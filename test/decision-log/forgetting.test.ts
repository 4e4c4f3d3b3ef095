import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openEmbeddedKeyTable } from '../../src/decision-log/keys/embedded-key-table.ts';
import { mongoKeyTable } from '../../src/decision-log/keys/mongo-key-table.ts';
import { type KeyTable, UserKeys } from '../../src/decision-log/keys/user-keys.ts';
import { logDatabase } from '../../src/decision-log/log-database.ts';
import { run, SIX_LORAS, STARTER_TERM } from '../http/running.ts';
import { mongoDatabase } from '../stores/mongo-server.ts';
import { until } from '../support/expecting.ts';

const SECOND = 1000;

interface Place {
  open(): Promise<KeyTable>;
  remove(): Promise<void>;
}

async function folderPlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'perkbook-keys-'));
  return {
    open: () => openEmbeddedKeyTable(folder),
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function mongoPlace(): Promise<Place | undefined> {
  const found = await mongoDatabase();
  if (found === undefined) return undefined;
  const uri = new URL(`/${found.database}${new URL(found.uri).search}`, found.uri).href;
  return { open: async () => mongoKeyTable(logDatabase(uri)), remove: found.drop };
}

for (const [name, placeOf] of [
  ['a folder', folderPlace],
  ['MongoDB', mongoPlace],
] as const) {
  describe(`users whose keys are in ${name}`, function () {
    this.timeout(20_000);
    let place: Place;
    let table: KeyTable;
    let other: KeyTable;
    beforeEach(async function () {
      const found = await placeOf();
      if (found === undefined) return this.skip();
      place = found;
      table = await place.open();
      other = await place.open();
    });
    afterEach(async () => {
      await Promise.all([table?.close(), other?.close()]);
      await place?.remove();
    });

    it('get no key for what was told before they were forgotten, by whichever process', async () => {
      const [here, there] = [new UserKeys(table), new UserKeys(other)];
      const before = Date.now();
      expect(await here.forget('anna')).to.equal(false);
      for (const each of [here, there]) {
        const asked = [0, 0].map(() => ({ user: 'anna', time: before }));
        const [first, second] = await each.pseudonymsOf(asked);
        expect(first).to.match(/^u:[\w-]{22}$/);
        expect(second).to.not.equal(first);
      }
      expect(await table.keyOf('anna')).to.equal(undefined);
    });

    it('are others when they come back, also to what still waits of before', async () => {
      const [here, there] = [new UserKeys(table), new UserKeys(other)];
      const before = Date.now();
      const [old] = await here.pseudonymsOf([{ user: 'anna', time: before }]);
      expect(await here.forget('anna')).to.equal(true);
      const after = Date.now() + 5 * SECOND;
      const [back] = await here.pseudonymsOf([{ user: 'anna', time: after }]);
      expect(back).to.not.equal(old);
      expect(await here.pseudonymOf('anna')).to.equal(back);
      const [late, new_] = await there.pseudonymsOf([
        { user: 'anna', time: before },
        { user: 'anna', time: after },
      ]);
      expect(new_).to.equal(back);
      expect([old, back]).to.not.include(late);
    });
  });
}

describe('the file of keys', () => {
  it('has neither a forgotten user nor the key in it any more, in pages that are free either', async () => {
    const place = mkdtempSync(join(tmpdir(), 'perkbook-keys-'));
    const table = await openEmbeddedKeyTable(place);
    const time = Date.now();
    const users = Array.from({ length: 300 }, (_, i) => `user-${String(i).padStart(3, '0')}`);
    for (let i = 0; i < users.length; i += 30) {
      await table.keysOf(users.slice(i, i + 30).map((user) => ({ user, time })));
    }
    const keyOf = new Map(await Promise.all(users.map(async (user) => [user, await table.keyOf(user)] as const)));
    const gone = ['user-007', 'user-123', 'user-299'];
    for (const user of gone) expect(await table.forget(user)).to.equal(true);
    const file = readFileSync(join(place, 'log-keys', 'data.mdb'), 'latin1');
    for (const user of gone) {
      expect(file).to.not.include(user);
      expect(file).to.not.include(keyOf.get(user) ?? '');
    }
    await table.close();
    const again = await openEmbeddedKeyTable(place);
    for (const [user, key] of keyOf) expect(await again.keyOf(user)).to.equal(gone.includes(user) ? undefined : key);
    await again.close();
    rmSync(place, { recursive: true, force: true });
  });
});

describe('a deleted member', function () {
  this.timeout(20_000);
  let logs: string;
  beforeEach(() => {
    logs = mkdtempSync(join(tmpdir(), 'perkbook-log-'));
  });
  afterEach(() => rmSync(logs, { recursive: true, force: true }));

  it('has no entries any more, also where an answer still waited', async () => {
    const decisionLog = { sink: 'file', folder: logs, keepDays: 30, sampleAllows: 1, mask: [] } as const;
    const server = await run({ decisionLog });
    try {
      const users = Array.from({ length: 20 }, (_, i) => `gone-${i}`);
      for (const user of users) {
        await server.send('PUT', `/v1/members/${user}`, { terms: [STARTER_TERM] });
        await server.post('/v1/decisions', { ...SIX_LORAS, user });
        await server.send('DELETE', `/v1/members/${user}`);
      }
      const text = () =>
        readdirSync(logs)
          .map((file) => readFileSync(join(logs, file), 'utf8'))
          .join('');
      await until(() => text().split('\n').length > users.length);
      for (const user of users) {
        expect((await server.get(`/v1/decisions-log?user=${user}`)).json.entries).to.deep.equal([]);
      }
      expect(text()).to.not.include('gone-');
    } finally {
      await server.close();
    }
  });
});
