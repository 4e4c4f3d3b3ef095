import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { until } from '../../support/expecting.ts';
import { STARTER_TERM } from '../running.ts';
import { type Keyed, runWithKeys } from './with-keys.ts';

const V1 = readFileSync(new URL('../../../../rules/pixai-membership/v1.yaml', import.meta.url), 'utf8');
const MEMBERSHIP = '/v1/rule-sets/pixai-membership';
const DOCUMENTS = '/v1/rule-sets/documents';
const YAML = { 'Content-Type': 'application/yaml' };
const FEWER = V1.replace('version: 1', 'version: 2')
  .replace('from: 2026-01-01T00:00:00Z', 'from: 2026-11-23T00:00:00Z')
  .replace('starter: 15,', 'starter: 10,');

describe('the examples of what a candidate changes', () => {
  let server: Keyed;

  before(async () => {
    server = await runWithKeys();
    const sam = { terms: [STARTER_TERM], holdings: { private_models: 12 } };
    await server.send('PUT', '/v1/members/sam-secret', sam, server.admin);
  });
  after(() => server.close());

  it('name members by impact only to who may read them', async () => {
    const measured = async (scopes: readonly string[], accept: string) =>
      server.send('POST', `${MEMBERSHIP}/impact`, FEWER, { ...(await server.key(scopes)), ...YAML, Accept: accept });
    for (const accept of ['application/json', 'text/event-stream']) {
      const { status, text } = await measured(['rules:write'], accept);
      expect(status, text).to.equal(200);
      expect(text, accept).to.include('"user":null').and.not.include('sam-secret');
      const seen = await measured(['rules:write', 'members:read'], accept);
      expect(seen.text, accept).to.include('"user":"sam-secret"').and.not.include('"user":null');
    }
    const { json } = await measured(['rules:write'], 'application/json');
    expect(json.examples[0]).to.deep.include({ user: null, what: 'lose', perk: 'private_models' });
    expect(json.overLimit.examples).to.deep.equal([{ user: null, perk: 'private_models', used: 12, limit: 10 }]);
  });

  it('name who asked a shadow, and what was said of whom, only to who may read members', async () => {
    const { text: yaml } = await server.get(`${DOCUMENTS}/versions/1`, { ...server.admin, Accept: 'application/yaml' });
    const candidate = yaml.replace(/equal, value: public\}/g, 'equal, value: private}');
    const put = await server.send('PUT', `${DOCUMENTS}/shadow`, candidate, { ...server.admin, ...YAML });
    expect(put.status, put.text).to.equal(200);
    const question = {
      user: 'sam-secret',
      action: 'document.read',
      resource: { type: 'document', id: 'd-1', properties: { visibility: 'public', owner: 'owen-secret' } },
      context: { by: 'cora-secret' },
    };
    await server.post('/v1/decisions', question, server.admin);
    const report = async (scopes: readonly string[]) => server.get(`${DOCUMENTS}/shadow`, await server.key(scopes));
    await until(async () => (await report(['rules:read'])).json.judged === 1);
    const seen = await report(['rules:read', 'members:read']);
    expect(seen.json.different, seen.text).to.equal(1);
    expect(seen.json.examples[0]).to.deep.include(question);
    const hidden = await report(['rules:read']);
    expect(hidden.json.examples[0]).to.deep.include({ user: null, action: 'document.read' });
    expect(hidden.text).to.not.include('secret"');
    const replaced = await server.send('PUT', `${DOCUMENTS}/shadow`, candidate, {
      ...(await server.key(['rules:write'])),
      ...YAML,
    });
    expect(replaced.text).to.not.include('secret"');
  });
});
