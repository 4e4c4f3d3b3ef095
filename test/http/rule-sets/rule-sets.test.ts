import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { type Running, run } from '../running.ts';

describe('rule sets over HTTP', () => {
  let server: Running;
  before(async () => {
    server = await run();
  });
  after(() => server.close());

  it('are listed with the version in force', async () => {
    const { json } = await server.get('/v1/rule-sets');
    expect(json.ruleSets.map((each: { readonly id: string }) => each.id)).to.deep.equal([
      'documents',
      'pixai-membership',
    ]);
    expect(json.ruleSets[1]).to.include({ title: 'PixAI membership', versions: 1, inForce: 1, newest: 1 });
  });

  it('say their tiers, perks and actions, and are tagged with the newest version first', async () => {
    const { json, headers } = await server.get('/v1/rule-sets/pixai-membership');
    expect(headers.get('etag')).to.match(/^"1-/);
    expect(json.tiers.map((tier: { readonly id: string }) => tier.id)).to.deep.equal([
      'free',
      'starter',
      'hobbyist',
      'pro',
    ]);
    const create = json.actions.find((action: { readonly id: string }) => action.id === 'generation.create');
    expect(create.input.loras).to.deep.include({ type: 'integer', minimum: 0 });
  });

  it('list their versions', async () => {
    const { json } = await server.get('/v1/rule-sets/documents/versions');
    expect(json.versions).to.have.length(2);
    expect(json.versions[0]).to.include({ version: 1, existingMembers: 'now' });
  });

  it('give a version as JSON, and as YAML byte for byte', async () => {
    const path = '/v1/rule-sets/pixai-membership/versions/1';
    const asJson = await server.get(path);
    expect(asJson.json).to.include({ ruleSet: 'pixai-membership', version: 1 });
    expect(asJson.json.content.perks.loras_per_generation.tiers).to.deep.equal({
      free: 3,
      starter: 5,
      hobbyist: 7,
      pro: 10,
    });
    const asYaml = await server.get(path, { Accept: 'application/yaml' });
    expect(asYaml.headers.get('content-type')).to.equal('application/yaml');
    expect(asYaml.headers.get('vary')).to.equal('Accept');
    expect(asYaml.text).to.equal(readFileSync('rules/pixai-membership/v1.yaml', 'utf8'));
    const preferred = await server.get(path, { Accept: 'application/json;q=0.1, application/yaml' });
    expect(preferred.headers.get('content-type')).to.equal('application/yaml');
  });

  it('give the matrix of tiers', async () => {
    for (const path of ['/v1/rule-sets/pixai-membership/matrix', '/v1/rule-sets/pixai-membership/matrix?version=1']) {
      const { json } = await server.get(path);
      const row = json.rows.find((each: { readonly perk: string }) => each.perk === 'free_lora_training');
      expect(row.planned).to.deep.equal({ free: 0, starter: 3, hobbyist: 5, pro: 10 });
    }
  });
});
