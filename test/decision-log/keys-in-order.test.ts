import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { type Db, MongoClient } from 'mongodb';
import { openEmbeddedKeyTable } from '../../src/decision-log/keys/embedded-key-table.ts';
import { forgottenName } from '../../src/decision-log/keys/forgotten.ts';
import { mongoKeyTable } from '../../src/decision-log/keys/mongo-key-table.ts';
import { laterKeyTable } from '../../src/decision-log/keys/open-key-table.ts';
import type { KeyTable } from '../../src/decision-log/keys/user-keys.ts';
import { logDatabase } from '../../src/decision-log/log-database.ts';
import { openRoot } from '../../src/stores/embedded/open-root.ts';
import { mongoDatabase } from '../stores/mongo-server.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const realNow = Date.now;
const KEEP_DAYS = 7;
const KEY = 'K'.repeat(43);

function setAhead(ms: number): void {
  Date.now = () => realNow() + ms;
}

const asked = (...users: readonly string[]) => users.map((user) => ({ user, time: Date.now() }));

describe('the keys of the decision log in a folder', () => {
  let place: string;
  let table: KeyTable;
  beforeEach(async () => {
    place = mkdtempSync(join(tmpdir(), 'perkbook-keys-'));
    table = await openEmbeddedKeyTable(place);
  });
  afterEach(async () => {
    Date.now = realNow;
    await table.close();
    rmSync(place, { recursive: true, force: true });
  });
  const file = () => readFileSync(join(place, 'log-keys', 'data.mdb'), 'latin1');

  /** As if a server had run on each of so many days, which somebody asked about every day. */
  async function liveFor(days: number): Promise<void> {
    for (let day = 1; day <= days; day++) {
      setAhead(day * DAY);
      await table.keysOf(asked('busy'));
      await table.tidy(KEEP_DAYS);
    }
  }

  it('are dropped with the ids of their users once nothing is kept that they were for', async () => {
    const made = Array.from({ length: 1200 }, (_, i) => `made-up-${String(i).padStart(4, '0')}`);
    const keys = await table.keysOf(asked(...made, 'now-and-then', 'busy'));
    await liveFor(KEEP_DAYS + 1);
    expect(await table.keyOf(made[7] ?? ''), 'entries are still there').to.equal(keys[7]?.key);
    await table.keysOf(asked('now-and-then'));
    setAhead((KEEP_DAYS + 2) * DAY);
    await table.tidy(KEEP_DAYS);
    for (const user of made) expect(await table.keyOf(user)).to.equal(undefined);
    expect(await table.keyOf('busy')).to.equal(keys.at(-1)?.key);
    expect(await table.keyOf('now-and-then')).to.equal(keys.at(-2)?.key);
    const text = file();
    for (const { key } of keys.slice(0, -2)) expect(text).to.not.include(key);
    expect(text.match(/made-up-\d{4}"/g)).to.equal(null);
  });

  it('are written once a day, however often they are used', async () => {
    const writes = () => {
      const root = openRoot(join(place, 'log-keys'));
      const { lastTxnId } = root.getStats() as { readonly lastTxnId?: number };
      return root.close().then(() => lastTxnId);
    };
    await table.keysOf(asked('anna', 'ben'));
    const before = await writes();
    for (let i = 0; i < 5; i++) await table.keysOf(asked('anna', 'ben'));
    expect(await writes()).to.equal(before);
    setAhead(DAY);
    for (let i = 0; i < 5; i++) await table.keysOf(asked('anna', 'ben'));
    expect(await writes()).to.equal((before ?? 0) + 1);
  });

  it('are known also where it cannot be written down that they were used', async function () {
    if (process.platform === 'win32') this.skip();
    // So many that LMDB needs more room for them than it has.
    const users = Array.from({ length: 500 }, (_, i) => `user-${i}`);
    const keys = await table.keysOf(asked(...users));
    const program = `
      import { openEmbeddedKeyTable } from '${new URL('../../src/decision-log/keys/embedded-key-table.js', import.meta.url).href}';
      const table = await openEmbeddedKeyTable(${JSON.stringify(place)});
      const time = Date.now() + ${DAY};
      Date.now = () => time;
      const asked = (users) => users.map((user) => ({ user, time }));
      const keys = await table.keysOf(asked(${JSON.stringify(users)}));
      const other = await table.keysOf(asked(${JSON.stringify(users.map((user) => `new-${user}`))})).catch((error) => error.name);
      console.log(JSON.stringify({ keys: keys.map(({ key }) => key), other }));`;
    const blocks = Math.ceil(statSync(join(place, 'log-keys', 'data.mdb')).size / 512);
    const command = `ulimit -f ${blocks} && exec '${process.execPath}' --input-type=module -e "$PROGRAM"`;
    const { stdout } = await promisify(execFile)('sh', ['-c', command], { env: { ...process.env, PROGRAM: program } });
    const known = keys.map(({ key }) => key);
    expect(JSON.parse(stdout)).to.deep.equal({ keys: known, other: 'StoreUnreachable' });
  });

  it('count as used today where nobody has written down when they were used', async () => {
    const root = openRoot<string>(join(place, 'log-keys'));
    await root.openDB<string, string>({ name: 'keys', encoding: 'json' }).put('old', KEY);
    await root.close();
    expect(await table.keyOf('old')).to.equal(KEY);
    await table.tidy(KEEP_DAYS);
    await liveFor(KEEP_DAYS + 1);
    expect(await table.keyOf('old')).to.equal(KEY);
    await liveFor(KEEP_DAYS + 2);
    expect(await table.keyOf('old')).to.equal(undefined);
    expect(file()).to.not.include(KEY);
  });

  it('are not dropped because the clock is set ahead', async () => {
    const [{ key } = { key: undefined }] = await table.keysOf(asked('anna'));
    await table.tidy(KEEP_DAYS);
    setAhead(400 * DAY);
    await table.keysOf(asked('ben'));
    await table.tidy(KEEP_DAYS);
    await table.close();
    table = await openEmbeddedKeyTable(place);
    await table.tidy(KEEP_DAYS);
    setAhead(0);
    await table.tidy(KEEP_DAYS);
    expect(await table.keyOf('anna')).to.equal(key);
  });

  it('say for an hour who was forgotten, by whichever clock', async () => {
    setAhead(400 * DAY);
    await table.forget('anna');
    setAhead(0);
    const [found] = await table.keysOf(asked('anna'));
    expect(found?.key).to.be.a('string');
    await table.tidy(KEEP_DAYS);
    expect(file()).to.not.include(forgottenName('anna'));
  });

  it('say for an hour who was forgotten, and no longer', async () => {
    await table.keysOf(asked('anna', 'ben'));
    await table.forget('anna');
    await table.tidy(KEEP_DAYS);
    expect(file()).to.include(forgottenName('anna'));
    setAhead(1.1 * HOUR);
    await table.tidy(KEEP_DAYS);
    expect(file()).to.not.include(forgottenName('anna'));
  });

  it('say so again of who is forgotten again meanwhile', async () => {
    const users = Array.from({ length: 40 }, (_, i) => `user-${i}`);
    for (const user of users) await table.forget(user);
    setAhead(1.1 * HOUR);
    const before = asked(...users);
    await Promise.all([table.tidy(KEEP_DAYS), ...users.map((user) => table.forget(user)), table.tidy(KEEP_DAYS)]);
    for (const { key } of await table.keysOf(before)) expect(key).to.equal(undefined);
  });

  it('are put in order also by a server that logs nothing any more', async () => {
    await table.forget('anna');
    setAhead(1.1 * HOUR);
    const later = laterKeyTable({ mongodbUri: undefined, data: place });
    await later.tidy(KEEP_DAYS);
    await later.close();
    expect(file()).to.not.include(forgottenName('anna'));
    const none = laterKeyTable({ mongodbUri: undefined, data: join(place, 'none') });
    await none.tidy(KEEP_DAYS);
    await none.close();
  });
});

describe('the keys of the decision log in MongoDB', function () {
  this.timeout(20_000);
  let client: MongoClient;
  let db: Db;
  let table: KeyTable;
  let drop: (() => Promise<void>) | undefined;
  beforeEach(async function () {
    const found = await mongoDatabase();
    if (found === undefined) return this.skip();
    const uri = new URL(`/${found.database}${new URL(found.uri).search}`, found.uri).href;
    client = new MongoClient(uri);
    db = client.db(found.database);
    table = mongoKeyTable(logDatabase(uri));
    drop = found.drop;
  });
  afterEach(async () => {
    Date.now = realNow;
    await table?.close();
    await client?.close();
    await drop?.();
  });
  const stored = (user: string) =>
    db.collection<{ _id: string; usedOn?: Date }>('decision_log_keys').findOne({ _id: user });
  async function deletedAfter(collection: string, field: string): Promise<number | undefined> {
    const indexes = await db.collection(collection).indexes();
    return indexes.find(({ key }) => JSON.stringify(key) === JSON.stringify({ [field]: 1 }))?.expireAfterSeconds;
  }
  const today = () => new Date(Math.floor(Date.now() / DAY) * DAY);

  it('are deleted by MongoDB so long after the day on which they were used last, also when that is set anew', async () => {
    const [made] = await table.keysOf(asked('anna'));
    expect((await stored('anna'))?.usedOn).to.deep.equal(today());
    await table.tidy(KEEP_DAYS);
    expect(await deletedAfter('decision_log_keys', 'usedOn')).to.equal((8 * DAY) / 1000);
    await table.tidy(30);
    expect(await deletedAfter('decision_log_keys', 'usedOn')).to.equal((31 * DAY) / 1000);
    setAhead(3 * DAY);
    expect(await table.keysOf(asked('anna'))).to.deep.equal([made]);
    expect((await stored('anna'))?.usedOn).to.deep.equal(today());
  });

  it('count as used today where nobody has written down when they were used', async () => {
    await db.collection<{ _id: string; key: string }>('decision_log_keys').insertOne({ _id: 'old', key: KEY });
    await table.tidy(KEEP_DAYS);
    expect((await stored('old'))?.usedOn).to.deep.equal(today());
    expect(await table.keyOf('old')).to.equal(KEY);
  });

  it('say for an hour who was forgotten: MongoDB deletes it, also where no server runs', async () => {
    await table.forget('anna');
    expect(await deletedAfter('decision_log_forgotten', 'at')).to.equal(HOUR / 1000);
  });
});
