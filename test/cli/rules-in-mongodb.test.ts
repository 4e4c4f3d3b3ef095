import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { MongoClient } from 'mongodb';
import { mongoRuleSets } from '../../src/rule-sets/mongo/mongo-rule-sets.ts';
import { connectRules } from '../../src/rule-sets/mongo/mongo-rules-connection.ts';
import { digestOf } from '../../src/rules/load/check-rule-file.ts';
import { type Running, run } from '../http/running.ts';
import { membership } from '../rule-sets/publishing.ts';
import { type MongoDatabase, mongoDatabase } from '../stores/mongo-server.ts';
import { perkbookHere, ROOT, temporaryFolder } from './run.ts';

const TERM = { tier: 'starter', channel: 'web', startsAt: '2026-01-10T00:00:00Z', endsAt: '2036-01-10T00:00:00Z' };
const V2 = membership(2, 1, '2026-02-01T00:00:00Z');

/** A second version is published where only the server looks: the folder of the rules never hears of it. */
describe('the command line, where the rules in force are in MongoDB', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const logs = join(folder, 'logs');
  let place: MongoDatabase;
  let server: Running;
  let env: Readonly<Record<string, string>>;

  before(async function () {
    const found = await mongoDatabase();
    if (found === undefined) return this.skip();
    place = found;
    const mongodbUri = place.uri.replace(/\/?(\?|$)/, `/${place.database}$1`);
    env = { MONGODB_URI: mongodbUri };
    const decisionLog = { sink: 'file', folder: logs, keepDays: 7, sampleAllows: 1, mask: [] } as const;
    server = await run({ mongodbUri, decisionLog, testClock: undefined });
    const connection = await connectRules({ uri: mongodbUri });
    const store = mongoRuleSets(connection);
    const publication = { version: 2, digest: digestOf(V2), author: 'amy', publishedAt: Date.now(), note: 'less' };
    const from = Date.parse('2026-02-01T00:00:00Z');
    await store.publish({ ruleSet: 'pixai-membership', publication, yaml: V2, from });
    await store.close();
    await server.send('PUT', '/v1/members/sam', { terms: [TERM] });
    for (;;) {
      const { json } = await server.post('/v1/decisions', { user: 'sam', action: 'lora.train_free', amount: 2 });
      if (json.ruleSet.version === 2) break;
    }
  });
  after(async () => {
    await server?.close();
    await place?.drop();
  });

  const here = (words: readonly string[], more: Readonly<Record<string, string>> = {}) =>
    perkbookHere(words, { env: { ...env, ...more } });

  it('asks by the version that the server judges by, and says that it is not the one of the folder', async () => {
    const words = ['lora.train_free', '--amount', '2', '--json'];
    const { out, err } = await here(['ask', 'sam', ...words]);
    expect(JSON.parse(out)).to.deep.include({
      decision: 'deny',
      ruleSet: { id: 'pixai-membership', version: 2, digest: digestOf(V2) },
    });
    expect(err).to.include(
      '`pixai-membership`: the folder has other versions than MongoDB, whose versions are in force',
    );
    const explained = await here(['explain', 'sam', ...words]);
    expect(JSON.parse(explained.out).decision).to.deep.include({ ruleSet: JSON.parse(out).ruleSet });
  });

  it('shows the version in force, and compares those that are published', async () => {
    expect(JSON.parse((await here(['matrix', '--json'])).out).ruleSet.version).to.equal(2);
    expect((await here(['types', 'pixai-membership'])).out).to.include('pixai-membership, version 2');
    expect((await here(['diff', 'pixai-membership'])).out).to.include('Free LoRA training, Starter: 3 → 1 a month');
    const impact = JSON.parse((await here(['impact', 'pixai-membership', '--version', '2', '--json'])).out);
    expect(impact).to.include({ members: 1 });
  });

  it('replays the log by the versions that judged', async () => {
    const { code, out } = await here(['replay', logs, '--json']);
    expect(code).to.equal(0);
    expect(JSON.parse(out)).to.deep.include({ mismatches: 0, notJudged: {} });
  });

  it('replays the log of a server by the versions of that server, without MongoDB', async () => {
    const { code, out } = await perkbookHere(['replay', '--url', server.address, '--json'], {
      env: { PERKBOOK_RULES: join(folder, 'nowhere') },
    });
    expect(code).to.equal(0);
    expect(JSON.parse(out)).to.deep.include({ mismatches: 0, notJudged: {} });
    expect(JSON.parse(out).same).to.be.above(0);
  });

  it('is no success where the rules that judged are not here', async () => {
    const only = join(folder, 'only-documents');
    mkdirSync(only, { recursive: true });
    cpSync(join(ROOT, 'rules/documents'), join(only, 'documents'), { recursive: true });
    const { code, out } = await perkbookHere(['replay', logs], { env: { PERKBOOK_RULES: only } });
    expect(out).to.include('nothing of it could be asked again');
    expect(code).to.equal(1);
  });

  it('imports by the rules in force, also where the folder has no tiers', async () => {
    const only = join(folder, 'only-documents');
    const file = join(folder, 'members.jsonl');
    writeFileSync(file, `${JSON.stringify({ id: 'ida', terms: [TERM] })}\n`);
    for (const words of [['--check'], []]) {
      const { code, err } = await here(['import', file, ...words], { PERKBOOK_RULES: only });
      expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    }
    expect((await server.get('/v1/members/ida')).status).to.equal(200);
  });

  it('stays with the files where it is about files', async () => {
    const rules = join(folder, 'rules');
    cpSync(join(ROOT, 'rules'), rules, { recursive: true });
    const files = { PERKBOOK_RULES: rules };
    writeFileSync(join(rules, 'documents/v2.yaml'), 'nonsense');
    expect((await here(['validate'], files)).code).to.equal(1);
    expect((await here(['test', join(ROOT, 'fixtures')], files)).code).to.equal(1);
    expect((await here(['ask', 'sam', 'lora.train_free'], files)).err).to.include('the folder of rules has errors');
  });

  it('writes nothing into a MongoDB without rules, and judges as a server would that starts with it', async () => {
    const { uri, database, drop } = await freshDatabase();
    const { code, out, err } = await perkbookHere(['ask', 'sam', 'lora.train_free', '--json'], {
      env: { MONGODB_URI: uri },
    });
    expect({ code, version: JSON.parse(out).ruleSet.version }).to.deep.equal({ code: 0, version: 1 });
    expect(err).to.not.include('MongoDB');
    const client = new MongoClient(uri);
    const names = await client.db(database).listCollections().toArray();
    await client.close();
    expect(names.map(({ name }) => name)).to.not.include('rule_sets');
    await drop();
  });

  it('says where the rules would be that it cannot reach', async () => {
    const { code, err } = await perkbookHere(['matrix'], { env: { MONGODB_URI: 'mongodb://127.0.0.1:9/perkbook' } });
    expect(code).to.equal(70);
    expect(err).to.include('the rules cannot be read').and.include('MONGODB_URI names where they are kept');
  });

  it('reads the folder where a mapping makes the database that of somebody else', async () => {
    const file = join(folder, 'mapping.yaml');
    const terms = 'terms: {tier: plan, channel: {always: web}, startsAt: start, endsAt: end}';
    writeFileSync(file, `format: perkbook-mapping/1\ncollection: users\nid: _id\n${terms}\n`);
    const { out } = await here(['matrix', '--json'], { PERKBOOK_MAPPING: file });
    expect(JSON.parse(out).ruleSet.version).to.equal(1);
  });

  async function freshDatabase() {
    const found = await mongoDatabase();
    if (found === undefined) throw new Error('it was there before');
    return { ...found, uri: found.uri.replace(/\/?(\?|$)/, `/${found.database}$1`) };
  }
});
