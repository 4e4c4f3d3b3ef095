import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { type Document, MongoClient, ObjectId } from 'mongodb';
import { memberReader } from '../../src/mapping/member-reader.ts';
import { readMapping } from '../../src/mapping/read-mapping.ts';
import { openMappedStore } from '../../src/stores/mapped/mapped-store.ts';
import { perkbookHere, ROOT } from '../cli/run.ts';
import { NOON, type Running, run } from '../http/running.ts';
import { type MongoDatabase, mongoDatabase } from '../stores/mongo-server.ts';
import { failureOf } from '../support/expecting.ts';
import { book } from '../use-cases/support.ts';

const MAPPING = `format: perkbook-mapping/1
collection: users
id: _id
terms:
  list: subscriptions
  onlyIf: {status: [active]}
  tier: {path: plan, values: {basic: starter, max: pro, none: free}}
  channel: {always: web}
  startsAt: start
  endsAt: end
epoch: seconds
holdings: {private_models: stats.models}
usage:
  free_lora_training: {used: usage.loras, at: usage.since}
attributes: {role: role}
`;

const seconds = (text: string) => Date.parse(text) / 1000;
const PERIOD = { start: seconds('2026-11-10T00:00:00Z'), end: seconds('2026-12-10T00:00:00Z'), status: 'active' };
const DOCUMENTS = [
  {
    _id: 'sam',
    subscriptions: [{ ...PERIOD, plan: 'basic' }],
    stats: { models: 12 },
    usage: { loras: 2, since: seconds('2026-11-10T00:00:00Z') },
    role: 'editor',
    password: 'secret',
  },
  { _id: 'pia', subscriptions: [{ ...PERIOD, plan: 'max' }] },
  { _id: 'una', subscriptions: [{ ...PERIOD, plan: 'max', status: 'incomplete' }] },
  { _id: 'zed', subscriptions: [{ ...PERIOD, plan: 'maxx' }] },
];

describe('the mapping in the guide', () => {
  it('is right', () => {
    const page = readFileSync(join(ROOT, 'docs/importing.md'), 'utf8');
    const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    const file = join(mkdtempSync(join(tmpdir(), 'perkbook-guide-')), 'mapping.yaml');
    writeFileSync(file, text);
    try {
      expect(readMapping(file, book)).to.have.nested.property('terms.list', 'subscriptions');
    } finally {
      rmSync(dirname(file), { recursive: true });
    }
  });
});

describe('members in a collection of another shape', function () {
  this.timeout(30_000);
  let place: MongoDatabase;
  let folder: string;
  let file: string;
  let uri: string;
  let client: MongoClient;
  let server: Running;
  const log: string[] = [];

  before(async function () {
    const found = await mongoDatabase();
    if (found === undefined) return this.skip();
    place = found;
    uri = place.uri.replace(/\/?$/, `/${place.database}`);
    client = new MongoClient(place.uri);
    await client
      .db(place.database)
      .collection<Document>('users')
      .insertMany(DOCUMENTS as object[]);
    folder = mkdtempSync(join(tmpdir(), 'perkbook-mapping-'));
    file = join(folder, 'mapping.yaml');
    writeFileSync(file, MAPPING);
    server = await run({ mongodbUri: uri, mapping: file }, ({ message }) => log.push(String(message)));
  });
  after(async () => {
    await server?.close();
    await client?.close();
    await place?.drop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const ask = (user: string, action: string) => server.post('/v1/decisions', { user, action });

  it('are decided about, with what the documents say', async () => {
    const sam = await ask('sam', 'lora.train_free');
    expect(sam.json).to.include({ decision: 'allow', tier: 'starter', membership: 'active', degraded: false });
    expect(sam.json.values.free_lora_training).to.include({ used: 2, remaining: 1 });
    expect((await ask('pia', 'generation.turbo')).json).to.include({ decision: 'allow', tier: 'pro' });
    for (const user of ['una', 'nobody']) {
      expect((await ask(user, 'generation.turbo')).json).to.include({
        decision: 'deny',
        tier: 'free',
        degraded: false,
      });
    }
    const { json } = await server.get('/v1/members/sam');
    expect(json).to.deep.include({ id: 'sam', holdings: { private_models: 12 }, attributes: { role: 'editor' } });
    expect(json.terms).to.deep.equal([
      { tier: 'starter', channel: 'web', startsAt: '2026-11-10T00:00:00.000Z', endsAt: '2026-12-10T00:00:00.000Z' },
    ]);
  });

  it('are never free because a document cannot be read: that is said, and the answer is degraded', async () => {
    const { json } = await ask('zed', 'lora.train_free');
    expect(json).to.deep.include({ decision: 'deny', tier: null, membership: 'unknown', degraded: true });
    expect(json.reason.code).to.equal('facts_unavailable');
    const shown = await server.get('/v1/members/zed');
    expect(shown.json).to.include({ status: 500, code: 'facts_unreadable' });
    expect(shown.json.detail)
      .to.include('`zed` in `users`')
      .and.include('`plan` is the text `"maxx"`')
      .and.include('did you mean `max`?');
    expect(
      log.filter((line) => /^the member facts cannot be read: .*`plan` is the text `"maxx"`/.test(line)),
    ).to.have.length(1);
    const { json: page } = await server.get('/v1/members');
    expect(page.members.map(({ id }: { id: string }) => id)).to.deep.equal(['pia', 'sam', 'una']);
    expect(page.unreadable).to.deep.equal(['zed']);
  });

  it('have a tag that changes with them', async () => {
    const tag = (await server.get('/v1/members/pia')).headers.get('etag') ?? '';
    expect((await server.get('/v1/members/pia', { 'If-None-Match': tag })).status).to.equal(304);
    const users = client.db(place.database).collection<Document>('users');
    await users.updateOne({ _id: 'pia' as never }, { $set: { role: 'admin' } });
    expect((await server.get('/v1/members/pia', { 'If-None-Match': tag })).status).to.equal(200);
  });

  it('are never written to, and nothing else is in their database', async () => {
    const consume = { action: 'lora.train_free', idempotencyKey: 'k' };
    for (const [method, path, body] of [
      ['POST', '/v1/members/sam/consume', consume],
      ['POST', '/v1/members/nobody/consume', consume],
      ['PUT', '/v1/members/sam', { holdings: { private_models: 1 } }],
      ['PATCH', '/v1/members/sam', { attributes: null }],
      ['DELETE', '/v1/members/sam', undefined],
      ['POST', '/v1/members/sam/release', { idempotencyKey: 'k' }],
    ] as const) {
      const { json } = await server.send(method, path, body);
      expect(json, `${method} ${path}`).to.include({ status: 409, code: 'facts_are_mapped' });
      expect(json.detail).to.include('`users`');
    }
    const collections = await client.db(place.database).listCollections().toArray();
    expect(collections.map(({ name }) => name)).to.deep.equal(['users']);
    expect((await server.get('/readyz')).status).to.equal(200);
  });

  it('are counted in an impact, once all of them can be read', async () => {
    const yaml = readFileSync(join(ROOT, 'rules/pixai-membership/v1.yaml'), 'utf8');
    const next = yaml
      .replace('version: 1', 'version: 2')
      .replace('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z')
      .replace('starter: 3,', 'starter: 2,');
    const measure = () =>
      server.send('POST', `/v1/rule-sets/pixai-membership/impact?at=${NOON}`, next, {
        'Content-Type': 'application/yaml',
      });
    const users = client.db(place.database).collection<Document>('users');
    expect((await measure()).status).to.equal(503);
    await users.updateOne({ _id: 'zed' as never }, { $set: { 'subscriptions.0.plan': 'none' } });
    const { json, status, text } = await measure();
    expect(status, text).to.equal(200);
    expect(json).to.include({ members: 4 });
    await users.updateOne({ _id: 'zed' as never }, { $set: { 'subscriptions.0.plan': 'maxx' } });
  });

  it('are counted in the impact of a rule set without tiers, by their attributes', async () => {
    const yaml = readFileSync(join(ROOT, 'rules/documents/v1.yaml'), 'utf8');
    const next = yaml
      .replace('version: 1', 'version: 2')
      .replace('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z')
      .replace('operator: equal, value: admin', 'operator: equal, value: editor');
    const path = `/v1/rule-sets/documents/impact?at=${NOON}`;
    const yes = { 'Content-Type': 'application/yaml' };
    const { json, status, text } = await server.send('POST', path, next, yes);
    expect(status, text).to.equal(200);
    expect(json).to.include({ members: 4 });
    const users = client.db(place.database).collection<Document>('users');
    expect(await users.countDocuments({ role: 'editor' })).to.equal(1);
    expect(json.gain + json.lose, text).to.be.greaterThan(0);
    const candidate = join(folder, 'v2.yaml');
    writeFileSync(candidate, next);
    const wrong = join(folder, 'impact.yaml');
    writeFileSync(wrong, MAPPING.replace('holdings:', 'holding:'));
    const env = { MONGODB_URI: uri, PERKBOOK_MAPPING: wrong };
    const failed = await perkbookHere(['impact', candidate, '--rule-set', 'documents'], { env });
    expect(failed).to.include({ code: 70 });
    expect(failed.err).to.include('did you mean `holdings`?').and.not.include('unexpected');
  });

  it('are shown by `perkbook mapping` before anything is real, with all that cannot be read', async () => {
    const env = { MONGODB_URI: uri };
    const shown = await perkbookHere(['mapping', file], { env });
    expect(shown.code).to.equal(1);
    expect(shown.out).to.match(/^sam {2}.*private_models 12 {2}free_lora_training 2 used {2}role "editor"$/m);
    expect(shown.err)
      .to.include('`plan` is the text `"maxx"`')
      .and.match(/3 members read, 1 complaint\n$/);
    const one = await perkbookHere(['mapping', file, 'pia', '--json'], { env });
    expect(one.code, one.err).to.equal(0);
    expect(JSON.parse(one.out)).to.deep.include({ id: 'pia' });
    expect((await perkbookHere(['mapping', file, 'nobody'], { env })).err).to.include('`nobody` is not there');
  });

  it('move into a store of Perkbook by an export and an import', async () => {
    const env = { MONGODB_URI: uri, PERKBOOK_MAPPING: file };
    const target = join(folder, 'members.jsonl');
    const left = await perkbookHere(['export', target], { env });
    expect(left.code).to.equal(1);
    expect(left.err).to.include('`zed` is left out: it is not as the mapping says');
    const data = join(folder, 'data');
    expect(await perkbookHere(['import', target], { env: { PERKBOOK_DATA: data } })).to.include({ code: 0, err: '' });
    const asked = await perkbookHere(['ask', 'pia', 'generation.turbo', '--at', NOON], {
      env: { PERKBOOK_DATA: data },
    });
    expect(asked.out).to.match(/^allow /);
    const refused = await perkbookHere(['import', target], { env });
    expect(refused.code).to.equal(1);
    expect(refused.err).to.include('perkbook writes nothing');
  });

  describe('by a mapping that is wrong', () => {
    async function startWith(text: string): Promise<string> {
      const wrong = join(folder, 'wrong.yaml');
      writeFileSync(wrong, text);
      const error = await failureOf(run({ mongodbUri: uri, mapping: wrong }));
      expect(error.name).to.equal('StartError');
      return error.message;
    }

    it('do not start a server, which says where the mistake is and what was meant', async () => {
      for (const [from, to, ...words] of [
        ['holdings:', 'holding:', 'wrong.yaml:12:', 'did you mean `holdings`?'],
        ['private_models:', 'private_model:', 'wrong.yaml:12:12', 'did you mean `private_models`?'],
        ['free_lora_training:', 'free_lora_trainin:', 'did you mean `free_lora_training`?'],
        ['basic: starter', 'basic: statrer', 'wrong.yaml:7:', 'did you mean `starter`?'],
        ['always: web', 'always: webb', '`webb` is no channel'],
        ['id: _id', 'id: $where', 'wrong.yaml:3:5'],
        ['endsAt: end', 'endsAt: {js: 1}', 'wrong.yaml:10:'],
        ['used: usage.loras, at: usage.since', 'list: x', '`list` needs `at`'],
        ['format: perkbook-mapping/1', 'format: perkbook/1', 'wrong.yaml:1:'],
      ] as const) {
        const message = await startWith(MAPPING.replace(from, to));
        for (const word of words) expect(message).to.include(word);
      }
    });

    it('nor without MongoDB, or with ids of another kind', async () => {
      const failure = await failureOf(run({ mapping: file }));
      expect(failure.message).to.include('set MONGODB_URI');
      const message = await startWith(MAPPING.replace('id: _id', 'id: {path: _id, as: objectId}'));
      expect(message).to.include('no document in `users` has a objectId at `_id`, the first one has a string');
    });

    it('are warned about where a path leads nowhere, or nobody counts', async () => {
      const wrong = join(folder, 'nowhere.yaml');
      for (const [from, to, word] of [
        ['stats.models', 'stats.modles', '`stats.modles`'],
        ['path: plan', 'path: plam', '`plam`; did you mean `plan`?'],
        ['status:', 'statu:', '`statu`; did you mean `status`?'],
        ['[active]', '[Active]', 'never `Active`; did you mean `active`?'],
        ['collection: users', 'collection: user', 'there is no document in `user`'],
      ] as const) {
        writeFileSync(wrong, MAPPING.replace(from, to));
        const lines: string[] = [];
        const other = await run({ mongodbUri: uri, mapping: wrong }, ({ message }) => lines.push(String(message)));
        await other.close();
        expect(lines.filter((line) => line.includes(word))).to.have.length(1);
        const shown = await perkbookHere(['mapping', wrong, '--all'], { env: { MONGODB_URI: uri } });
        expect(shown.code).to.equal(1);
        expect(shown.err).to.include(word);
      }
    });

    it('are warned about also where the first ones never bought anything', async () => {
      const late = client.db(place.database).collection<Document>('late');
      await late.insertMany(Array.from({ length: 150 }, () => ({ subscriptions: [] })));
      await late.insertOne({ subscriptions: [{ ...PERIOD, plan: 'max' }] });
      const wrong = join(folder, 'late.yaml');
      const mapping = MAPPING.replace('collection: users', 'collection: late').replace('[active]', '[Active]');
      writeFileSync(wrong, mapping.replace('id: _id', 'id: {path: _id, as: objectId}'));
      const shown = await perkbookHere(['mapping', wrong], { env: { MONGODB_URI: uri } });
      expect(shown.err).to.include('never `Active`; did you mean `active`?').and.not.include('at `plan`');
      await late.drop();
    });

    it('are not free where an entry has nothing at its tier', async () => {
      const wrong = join(folder, 'no-tier.yaml');
      writeFileSync(wrong, MAPPING.replace('path: plan', 'path: plam'));
      const other = await run({ mongodbUri: uri, mapping: wrong }, () => {});
      try {
        const { json } = await other.post('/v1/decisions', { user: 'pia', action: 'generation.turbo' });
        expect(json).to.include({ tier: null, membership: 'unknown', degraded: true });
      } finally {
        await other.close();
      }
      const shown = await perkbookHere(['mapping', wrong, '--all'], { env: { MONGODB_URI: uri } });
      expect(shown.err).to.include('`subscriptions.plam` is missing').and.include('1 member read');
    });
  });

  it('are not asked for once the store is closed', async () => {
    const rules = { book };
    const store = await openMappedStore({
      uri,
      reader: memberReader(readMapping(file, book), rules, { now: Date.now }),
    });
    await store.close();
    for (const use of [
      async () => store.get('sam'),
      async () => store.list(undefined, 1),
      async () => store.page(undefined, { members: 1, bytes: 1000 }),
      async () => store.count(),
      async () => store.ping(),
    ]) {
      expect(await failureOf(use())).to.include({ name: 'StoreUnreachable', message: 'the store is closed' });
    }
  });

  it('may have ids that are no texts', async () => {
    const id = new ObjectId();
    const database = client.db(place.database);
    await database.collection<Document>('accounts').insertMany([
      { _id: id, number: 7, plan: 'pro', start: new Date('2026-11-01T00:00:00Z'), end: '2026-12-01T00:00:00Z' },
      { _id: new ObjectId(), number: 8 },
    ]);
    for (const [path, as, user] of [
      ['_id', 'objectId', id.toHexString()],
      ['number', 'number', '7'],
    ] as const) {
      const mapping = join(folder, `${as}.yaml`);
      writeFileSync(
        mapping,
        `format: perkbook-mapping/1\ncollection: accounts\nid: {path: ${path}, as: ${as}}\nterms: {tier: plan, channel: {always: web}, startsAt: start, endsAt: end}\n`,
      );
      const other = await run({ mongodbUri: uri, mapping });
      try {
        const { json } = await other.post('/v1/decisions', { user, action: 'generation.turbo' });
        expect(json).to.include({ decision: 'allow', tier: 'pro', user });
        const { json: page } = await other.get('/v1/members?limit=1');
        expect(page.members).to.have.length(1);
        expect((await other.get(`/v1/members?limit=1&after=${page.next}`)).json.members).to.have.length(1);
        expect((await other.get('/v1/members/no-such-id')).status).to.equal(404);
      } finally {
        await other.close();
      }
    }
    await database.collection('accounts').drop();
  });
});
