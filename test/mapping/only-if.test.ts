import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Document, MongoClient } from 'mongodb';
import { perkbookHere } from '../cli/run.ts';
import { run } from '../http/running.ts';
import { type MongoDatabase, mongoDatabase } from '../stores/mongo-server.ts';

const MAPPING = `format: perkbook-mapping/1
collection: users
id: _id
terms:
  onlyIf: {status: [active]}
  tier: {path: plan, values: {max: pro}}
  channel: {always: web}
  startsAt: start
  endsAt: end
`;
const BOUGHT = { plan: 'max', start: new Date('2026-11-10T00:00:00Z'), end: new Date('2026-12-10T00:00:00Z') };

describe('a mapping whose `onlyIf` nobody has', function () {
  this.timeout(30_000);
  let place: MongoDatabase;
  let folder: string;
  let env: { readonly MONGODB_URI: string };

  before(async function () {
    const found = await mongoDatabase();
    if (found === undefined) return this.skip();
    place = found;
    env = { MONGODB_URI: place.uri.replace(/\/?$/, `/${place.database}`) };
    folder = mkdtempSync(join(tmpdir(), 'perkbook-only-if-'));
    const client = new MongoClient(place.uri);
    const users = client.db(place.database).collection<Document>('users');
    await users.insertMany([{ _id: 'pia', ...BOUGHT, status: 'active' }, { _id: 'una' }] as object[]);
    await client.close();
  });
  after(async () => {
    await place?.drop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  function written(text: string): string {
    const file = join(folder, 'mapping.yaml');
    writeFileSync(file, text);
    return file;
  }
  const check = (text: string) => perkbookHere(['mapping', written(text)], { env });

  it('is refused by `perkbook mapping`, which says what was meant', async () => {
    expect(await check(MAPPING)).to.include({ code: 0, err: '2 members read, 0 complaints\n' });
    const shown = await check(MAPPING.replace('status:', 'statu:'));
    expect(shown.code).to.equal(1);
    expect(shown.err)
      .to.include('no document looked at in `users` has anything at `statu`; did you mean `status`?')
      .and.include('the document of `pia` in `users` cannot be read')
      .and.include('`onlyIfMissing: leftOut`')
      .and.include('1 member read, 2 complaints');
  });

  it('is refused also where it says that a term without it does not count', async () => {
    const shown = await check(
      MAPPING.replace('onlyIf: {status: [active]}', 'onlyIf: {statu: [active]}\n  onlyIfMissing: leftOut'),
    );
    expect([shown.code, shown.err]).to.deep.equal([
      1,
      'no document looked at in `users` has anything at `statu`; did you mean `status`?\n2 members read, 1 complaint\n',
    ]);
  });

  it('makes nobody free who has a tier: the answer is degraded, and the log says why', async () => {
    const said: string[] = [];
    const mapping = written(MAPPING.replace('status:', 'statu:'));
    const server = await run({ mongodbUri: env.MONGODB_URI, mapping }, ({ message }) => said.push(String(message)));
    try {
      const ask = async (user: string) =>
        (await server.post('/v1/decisions', { user, action: 'generation.turbo' })).json;
      expect(await ask('pia')).to.include({ tier: null, membership: 'unknown', degraded: true });
      expect(await ask('una')).to.include({ tier: 'free', membership: 'none', degraded: false });
    } finally {
      await server.close();
    }
    expect(said.some((line) => line.includes('the mapping may be wrong: no document'))).to.equal(true);
    expect(said.some((line) => line.includes('`statu` is missing'))).to.equal(true);
  });
});
