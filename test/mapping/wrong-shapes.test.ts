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
  tier: {path: plan.code, values: {plus: pro}}
  channel: {always: web}
  startsAt: start
  endsAt: end
usage:
  free_lora_training: {used: usage.lora.n}
`;
const TERM = {
  plan: { code: 'plus' },
  start: new Date('2026-11-10T00:00:00Z'),
  end: new Date('2026-12-10T00:00:00Z'),
};
const RIGHT = [{ _id: 'pia', ...TERM, usage: { lora: { n: 5 } } }, { _id: 'una' }];
/** MongoDB leaves a text out where it is asked for what is in it. */
const WRONG = [
  { _id: 'plan-list', ...TERM, plan: [{ code: 'plus' }] },
  { _id: 'plan-text', ...TERM, plan: 'plus' },
  { _id: 'plan-texts', ...TERM, plan: ['plus'] },
  { _id: 'usage-list', ...TERM, usage: [{ lora: { n: 5 } }] },
  { _id: 'usage-text', ...TERM, usage: { lora: '5' } },
];

describe('documents of which some have another shape than the mapping tells of', function () {
  this.timeout(30_000);
  let place: MongoDatabase;
  let folder: string;
  let mapping: string;
  let uri: string;

  before(async function () {
    const found = await mongoDatabase();
    if (found === undefined) return this.skip();
    place = found;
    uri = place.uri.replace(/\/?$/, `/${place.database}`);
    folder = mkdtempSync(join(tmpdir(), 'perkbook-shapes-'));
    mapping = join(folder, 'mapping.yaml');
    writeFileSync(mapping, MAPPING);
    const client = new MongoClient(place.uri);
    await client
      .db(place.database)
      .collection<Document>('users')
      .insertMany([...RIGHT, ...WRONG] as object[]);
    await client.close();
  });
  after(async () => {
    await place?.drop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it('make nobody free, and no quota unused: their answers are degraded', async () => {
    const server = await run({ mongodbUri: uri, mapping });
    try {
      const ask = async (user: string) =>
        (await server.post('/v1/decisions', { user, action: 'lora.train_free' })).json;
      expect(await ask('pia')).to.include({ tier: 'pro', degraded: false });
      expect(await ask('una')).to.include({ tier: 'free', degraded: false });
      for (const { _id } of WRONG)
        expect(await ask(_id), _id).to.include({ tier: null, membership: 'unknown', degraded: true });
    } finally {
      await server.close();
    }
  });

  it('are all named by `perkbook mapping --all`', async () => {
    const shown = await perkbookHere(['mapping', mapping, '--all'], { env: { MONGODB_URI: uri } });
    expect(shown.code).to.equal(1);
    for (const { _id } of WRONG) expect(shown.err).to.include(`the document of \`${_id}\``);
    expect(shown.err)
      .to.include('`usage.lora` is the text `"5"`; `usage.lora.n` needs an object there')
      .and.include(`2 members read, ${WRONG.length} complaints`);
  });
});
