import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Got } from '../http/running.ts';
import { type Publishing, runPublishing, SHOP, shop } from './publishing.ts';

const LATER = '2026-11-23T00:00:00Z';

/** One promise: whether somebody of this age may enter, at an instant. */
function promise(name: string, age: number, decision: 'allow' | 'deny', at = '2026-11-25'): string {
  return `ruleSet: shop
members: {anna: {}}
scenarios:
  - name: ${name}
    member: anna
    timeline:
      - {at: ${at}, ask: shop.enter, input: {age: ${age}}, expect: {decision: ${decision}}}
`;
}

describe('publishing with promises', () => {
  let server: Publishing;
  let fixtures: string;
  before(async () => {
    fixtures = await mkdtemp(join(tmpdir(), 'perkbook-fixtures-'));
    await writeFile(join(fixtures, 'shop.yaml'), promise('Seventeen is too young', 17, 'deny'));
  });
  after(() => rm(fixtures, { recursive: true }));
  beforeEach(async () => {
    server = await runPublishing({ fixtures });
    expect((await server.publish(SHOP, 0)).status).to.equal(201);
  });
  afterEach(() => server.close());

  /** `ruleSet` and `scenarios` as the parts of a form. */
  async function publish(yaml: string, scenarios: string, expected: number, more = ''): Promise<Got> {
    const form = new FormData();
    form.set('ruleSet', new Blob([yaml], { type: 'application/yaml' }), 'v.yaml');
    form.set('scenarios', scenarios);
    const body = new Response(form);
    return server.post(`/v1/rule-sets/shop/versions?note=n${more}`, new Uint8Array(await body.arrayBuffer()), {
      'Content-Type': body.headers.get('content-type') ?? '',
      'If-Match': `"${expected}"`,
    });
  }

  it('a broken promise blocks, and says what was answered instead', async () => {
    const { json } = await server.publish(shop(2, 16), 1);
    expect(json).to.include({ status: 422, code: 'scenarios_fail' });
    expect(json.scenarios).to.have.length(1);
    expect(json.scenarios[0]).to.include({ name: 'Seventeen is too young' });
    expect(json.scenarios[0].failures[0]).to.match(/decision allow instead of deny/);
    expect((await server.publish(shop(2, 16), 1, '&dryRun=true')).status).to.equal(422);
    expect((await server.get('/v1/rule-sets/shop/versions')).json.versions).to.have.length(1);
    const { status, json: kept } = await server.publish(shop(2, 21), 1);
    expect([status, kept.scenarios]).to.deep.equal([201, { replayed: 1, broken: [] }]);
  });

  it('a promise about the time before the start does not', async () => {
    const { status, json } = await server.publish(shop(2, 16, '2026-11-25T00:00:01Z'), 1);
    expect([status, json.scenarios]).to.deep.equal([201, { replayed: 0, broken: [] }]);
  });

  it('a failing promise can be accepted by its name', async () => {
    await writeFile(join(fixtures, 'other.yaml'), promise('Eighteen may', 18, 'allow'));
    try {
      expect((await server.publish(shop(2, 16), 1, '&acceptScenarios=Eighteen%20may')).status).to.equal(422);
      // One that holds may be named, too: who sends a list need not know which of it fails.
      const { status, json } = await server.publish(
        shop(2, 16),
        1,
        '&acceptScenarios=Eighteen%20may,Seventeen%20is%20too%20young',
      );
      expect([status, json.scenarios.replayed, json.scenarios.broken.length]).to.deep.equal([201, 2, 1]);
      expect(json.scenarios).to.have.all.keys('replayed', 'broken');
    } finally {
      await rm(join(fixtures, 'other.yaml'));
    }
    expect(server.logged).to.have.length(1);
    expect(server.logged[0]).to.deep.include({ version: 2, scenarios: ['Seventeen is too young'] });
  });

  it('a failing promise is accepted by what the refusal gives, also where its name has a comma', async () => {
    const name = `Sixteen, seventeen: too young (100 % & "no", that's it!)`;
    await writeFile(join(fixtures, 'commas.yaml'), promise(JSON.stringify(name), 17, 'deny'));
    try {
      const refused = await server.publish(shop(2, 16), 1);
      expect(refused.json.code).to.equal('scenarios_fail');
      expect(refused.json.scenarios).to.have.length(2);
      expect(refused.json.accept).to.match(/^acceptScenarios=%5B[\w%.~-]+%5D$/);
      expect(refused.json.detail).to.match(/or repeat the request with what `accept` has in the query/);
      const half = `&acceptScenarios=${encodeURIComponent(JSON.stringify([name]))}`;
      const rest = await server.publish(shop(2, 16), 1, half);
      // What was accepted already is in it, so that it can be sent as it is.
      expect([rest.json.scenarios.length, rest.json.accept.length]).to.deep.equal([1, refused.json.accept.length]);
      // Its parts are nobody's names.
      const parts = await server.publish(shop(2, 16), 1, `&acceptScenarios=${encodeURIComponent(name)}`);
      expect(parts.json).to.include({
        status: 400,
        code: 'invalid_field',
        field: '/acceptScenarios',
        didYouMean: name,
      });
      expect(parts.json.detail).to.match(/`Sixteen` is the name of no scenario.*with a comma in it.*JSON list/);
      const { status } = await server.publish(shop(2, 16), 1, `&${refused.json.accept}`);
      expect(status).to.equal(201);
    } finally {
      await rm(join(fixtures, 'commas.yaml'));
    }
  });

  it('a name that no scenario has is refused, with the one that was probably meant', async () => {
    const { json } = await server.publish(shop(2, 21), 1, '&acceptScenarios=Seventen%20is%20too%20young');
    expect(json).to.include({ status: 400, field: '/acceptScenarios', didYouMean: 'Seventeen is too young' });
    const other = await server.publish(shop(2, 21), 1, '&acceptScenarios=%5B%22another%22%5D&dryRun=true');
    expect(other.json).to.include({ status: 400, field: '/acceptScenarios' }).and.not.have.property('didYouMean');
    // Also one about the time before the start is a scenario.
    const early = '&acceptScenarios=Seventeen%20is%20too%20young';
    expect((await server.publish(shop(2, 16, '2026-11-25T00:00:01Z'), 1, early)).status).to.equal(201);
  });

  it('the new promise travels with the number, replaces the old one, and binds the versions after it', async () => {
    const { status, json } = await publish(shop(2, 16, LATER), promise('Seventeen is too young', 17, 'allow'), 1);
    expect([status, json.scenarios]).to.deep.equal([201, { replayed: 1, broken: [] }]);
    const back = await server.publish(shop(3, 18, LATER), 2);
    expect(back.json).to.include({ status: 422, code: 'scenarios_fail' });
    expect((await server.publish(shop(3, 17, LATER), 2)).status).to.equal(201);
    const yaml = await server.get('/v1/rule-sets/shop/versions/2', { Accept: 'application/yaml' });
    expect(yaml.text).to.equal(shop(2, 16, LATER));
  });

  it('a rollback is never blocked, and its scenarios come back', async () => {
    await publish(shop(2, 16), promise('Seventeen is too young', 17, 'allow'), 1);
    const { status } = await server.post('/v1/rule-sets/shop/rollback', { to: 1, note: 'back' });
    expect(status).to.equal(201);
    expect((await server.publish(shop(4, 16), 3)).json.code).to.equal('scenarios_fail');
    expect((await server.publish(shop(4, 19), 3)).status).to.equal(201);
    expect((await server.get('/v1/rule-sets/shop/versions')).json.versions[2]).to.include({ rollbackTo: 1 });
  });

  it('a rollback may bring back nothing but the promises', async () => {
    await publish(shop(2, 18), promise('Nineteen may', 19, 'allow'), 1);
    const rollback = () => server.post('/v1/rule-sets/shop/rollback', { to: 1, note: 'back' });
    expect((await rollback()).status).to.equal(201);
    expect((await rollback()).json.code).to.equal('nothing_changes');
    expect((await server.publish(shop(4, 20), 3)).status).to.equal(201);
  });

  it('scenarios about a rule set that is not there bind nothing, unless its name is nearly that of one that is', async () => {
    const file = join(fixtures, 'others.yaml');
    const others = promise('Nobody', 17, 'allow');
    try {
      await writeFile(file, others.replace('ruleSet: shop', 'ruleSet: restaurant'));
      const { status, json } = await server.publish(shop(2, 21), 1);
      expect([status, json.scenarios]).to.deep.equal([201, { replayed: 1, broken: [] }]);
      await writeFile(file, others.replace('ruleSet: shop', 'ruleSet: shopp'));
      expect((await server.publish(shop(3, 21), 2)).json.code).to.equal('scenarios_fail');
    } finally {
      await rm(file);
    }
  });

  it('scenarios that cannot be read are told with their lines, and parts that are not known', async () => {
    const { json } = await publish(shop(2, 21), promise('Enter', 17, 'deny').replace('shop.enter', 'shop.entre'), 1);
    expect(json).to.include({ status: 422, code: 'invalid_scenarios' });
    expect(json.findings[0]).to.include({ line: 7 });
    const other = await publish(shop(2, 21), 'ruleSet: documents\nscenarios: []\n', 1);
    expect(other.json.code).to.equal('invalid_scenarios');
    const headers = { 'Content-Type': 'multipart/form-data; boundary=x', 'If-Match': '"1"' };
    const garbage = await server.post('/v1/rule-sets/shop/versions?note=n', 'garbage', headers);
    expect(garbage.json).to.include({ status: 400, code: 'malformed_body' });
  });
});
