import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Keyed, runWithKeys } from '../http/access/with-keys.ts';
import { STARTER_TERM } from '../http/running.ts';
import { membership, shop, YAML } from '../rule-sets/publishing.ts';
import { type Conformance, type Description, describedBy } from './conformance.ts';

interface Step {
  readonly ask: string;
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const MEMBER = '/v1/members/anna';
const RULES = '/v1/rule-sets/pixai-membership';
const SHOP = '/v1/rule-sets/shop';
const ASKING = { user: 'anna', action: 'lora.train_free' };
const SUBJECT = { type: 'user', id: 'anna' };
const PERKS = { type: 'ruleSet', id: 'pixai-membership' };
const LATER = '2026-11-23T12:00:00Z';

/** One life of a server, in order: each kind of answer of each operation that a caller can bring about. */
const STEPS: readonly Step[] = [
  { ask: 'GET /', status: 200 },
  { ask: 'GET /healthz', status: 200 },
  { ask: 'GET /readyz', status: 200 },
  { ask: 'GET /v1/clock', status: 200 },
  { ask: 'PUT /v1/clock', status: 200, body: { now: '2026-11-22T12:00:00Z' } },
  { ask: 'PUT /v1/clock', status: 400, body: { now: 'noon' } },
  { ask: `PUT ${MEMBER}`, status: 201, body: { terms: [STARTER_TERM], holdings: { private_models: 3 } } },
  { ask: `PUT ${MEMBER}`, status: 200, body: { attributes: { role: 'tester', tags: ['a', 1, null] } } },
  { ask: `PUT ${MEMBER}`, status: 422, body: { terms: [{ ...STARTER_TERM, tier: 'gold' }] } },
  { ask: `PUT ${MEMBER}`, status: 412, body: {}, headers: { 'If-Match': '"77"' } },
  {
    ask: `PATCH ${MEMBER}`,
    status: 200,
    body: { extras: [{ perk: 'free_lora_training', amount: 2, note: 'a gift' }] },
  },
  { ask: 'PATCH /v1/members/new', status: 201, body: { holdings: { private_models: 1 } } },
  { ask: `PUT ${MEMBER}/terms/sub_2`, status: 200, body: { ...STARTER_TERM, id: 'sub_2', tier: 'pro' } },
  { ask: 'PUT /v1/members/bob/terms/sub_1', status: 201, body: STARTER_TERM },
  { ask: `GET ${MEMBER}`, status: 200 },
  { ask: `GET ${MEMBER}`, status: 304, headers: { 'If-None-Match': '*' } },
  { ask: 'GET /v1/members/nobody', status: 404 },
  { ask: 'GET /v1/members?limit=1', status: 200 },
  { ask: `DELETE ${MEMBER}/terms/sub_2`, status: 200 },
  { ask: 'DELETE /v1/members/nobody/terms/sub_2', status: 204 },
  { ask: 'DELETE /v1/members/new', status: 204 },
  { ask: 'POST /v1/decisions', status: 200, body: ASKING },
  { ask: 'POST /v1/decisions', status: 200, body: { ...ASKING, detail: 'brief' } },
  { ask: 'POST /v1/decisions', status: 200, body: { user: 'x', action: 'model.make_private' } },
  { ask: 'POST /v1/decisions', status: 404, body: { user: 'x', action: 'lora.train_fre' } },
  { ask: 'POST /v1/decisions', status: 400, body: { ...ASKING, at: 'noon' } },
  { ask: 'POST /v1/decisions/batch', status: 200, body: { questions: [ASKING, 7, { ...ASKING, detail: 'brief' }] } },
  { ask: 'POST /v1/decisions/explain', status: 200, body: ASKING },
  { ask: 'POST /v1/decisions/explain', status: 400, body: { ...ASKING, detail: 'brief' } },
  { ask: `POST ${MEMBER}/consume`, status: 200, body: { action: 'lora.train_free', idempotencyKey: 'k1' } },
  { ask: `POST ${MEMBER}/consume`, status: 200, body: { action: 'lora.train_free', idempotencyKey: 'k1' } },
  { ask: `POST ${MEMBER}/consume`, status: 409, body: { action: 'credits.daily.claim', idempotencyKey: 'k1' } },
  {
    ask: `POST ${MEMBER}/consume`,
    status: 200,
    body: { action: 'lora.train_free', amount: 99, idempotencyKey: 'k2', detail: 'brief' },
  },
  { ask: `POST ${MEMBER}/release`, status: 200, body: { idempotencyKey: 'k1' } },
  { ask: `POST ${MEMBER}/release`, status: 404, body: { idempotencyKey: 'other' } },
  { ask: `GET ${MEMBER}/perks`, status: 200 },
  { ask: 'GET /v1/members/nobody/perks?at=2030-01-01T00:00:00Z', status: 200 },
  { ask: `GET ${MEMBER}/cancellation-preview`, status: 200 },
  { ask: 'GET /v1/members/nobody/cancellation-preview', status: 200 },
  {
    ask: 'POST /access/v1/evaluation',
    status: 200,
    body: { subject: SUBJECT, action: { name: 'lora.train_free' }, resource: PERKS },
  },
  { ask: 'POST /access/v1/evaluation', status: 400, body: { subject: SUBJECT } },
  {
    ask: 'POST /access/v1/evaluations',
    status: 200,
    body: { subject: SUBJECT, resource: PERKS, evaluations: [{ action: { name: 'lora.train_free' } }, {}] },
  },
  {
    ask: 'POST /access/v1/search/subject',
    status: 200,
    body: { subject: { type: 'user' }, action: { name: 'lora.train_free' }, resource: PERKS },
  },
  {
    ask: 'POST /access/v1/search/resource',
    status: 200,
    body: { subject: SUBJECT, action: { name: 'document.read' }, resource: { type: 'document' } },
  },
  { ask: 'POST /access/v1/search/action', status: 200, body: { subject: SUBJECT, resource: PERKS } },
  { ask: 'GET /.well-known/authzen-configuration', status: 200 },
  { ask: 'POST /ofrep/v1/evaluate/flags/turbo_mode', status: 200, body: { context: { targetingKey: 'anna' } } },
  { ask: 'POST /ofrep/v1/evaluate/flags/turbo', status: 404, body: { context: { targetingKey: 'anna' } } },
  { ask: 'POST /ofrep/v1/evaluate/flags/turbo_mode', status: 400, body: { context: {} } },
  { ask: 'POST /ofrep/v1/evaluate/flags', status: 200, body: { context: { targetingKey: 'anna' } } },
  {
    ask: 'POST /ofrep/v1/evaluate/flags',
    status: 304,
    body: { context: { targetingKey: 'anna' } },
    headers: { 'If-None-Match': '*' },
  },
  { ask: 'GET /v1/rule-sets', status: 200 },
  { ask: `GET ${RULES}`, status: 200 },
  { ask: `GET ${RULES}`, status: 304, headers: { 'If-None-Match': '*' } },
  { ask: `GET ${SHOP}`, status: 404 },
  { ask: `GET ${RULES}/versions`, status: 200 },
  { ask: `GET ${RULES}/versions`, status: 304, headers: { 'If-None-Match': '*' } },
  { ask: `GET ${RULES}/versions/1`, status: 200 },
  { ask: `GET ${RULES}/versions/1`, status: 200, headers: { Accept: 'application/yaml' } },
  { ask: `GET ${RULES}/versions/99`, status: 404 },
  { ask: `GET ${RULES}/matrix`, status: 200 },
  {
    ask: `POST ${RULES}/validate`,
    status: 200,
    body: membership(2, 4, LATER).replace('starter: 4', 'startr: 4'),
    headers: YAML,
  },
  { ask: `POST ${RULES}/impact`, status: 200, body: membership(2, 2, LATER), headers: YAML },
  {
    ask: `POST ${RULES}/impact`,
    status: 200,
    body: membership(2, 2, LATER),
    headers: { ...YAML, Accept: 'text/event-stream' },
  },
  { ask: `POST ${RULES}/impact?version=1`, status: 400 },
  { ask: `PUT ${RULES}/shadow`, status: 200, body: membership(2, 2, LATER), headers: YAML },
  { ask: `PUT ${RULES}/shadow`, status: 422, body: 'format: perkbook/1', headers: YAML },
  { ask: 'POST /v1/decisions', status: 200, body: ASKING },
  { ask: `GET ${RULES}/shadow`, status: 200 },
  { ask: `DELETE ${RULES}/shadow`, status: 204 },
  { ask: `GET ${RULES}/shadow`, status: 404 },
  { ask: `PUT ${RULES}/drafts/lee`, status: 201, body: membership(2, 4, LATER), headers: YAML },
  { ask: `PUT ${RULES}/drafts/lee`, status: 200, body: 'half a thought', headers: YAML },
  { ask: `PUT ${RULES}/drafts/lee`, status: 200, body: membership(2, 4, LATER), headers: YAML },
  { ask: `GET ${RULES}/drafts`, status: 200 },
  { ask: `GET ${RULES}/drafts/lee`, status: 200 },
  { ask: `GET ${RULES}/drafts/lee`, status: 200, headers: { Accept: 'application/yaml' } },
  { ask: `POST ${RULES}/drafts/lee/publish?note=try&dryRun=true`, status: 200, headers: { 'If-Match': '"1"' } },
  { ask: `POST ${RULES}/drafts/lee/publish?note=four`, status: 201, headers: { 'If-Match': '"1"' } },
  { ask: `GET ${RULES}/diff`, status: 200 },
  { ask: `GET ${RULES}/diff`, status: 200, headers: { Accept: 'text/markdown' } },
  { ask: `GET ${RULES}/diff`, status: 200, headers: { Accept: 'text/plain' } },
  { ask: `POST ${RULES}/rollback`, status: 409, body: { to: 1, note: 'too early' } },
  { ask: `PUT ${RULES}/drafts/kim?base=1`, status: 201, body: membership(2, 6, LATER), headers: YAML },
  { ask: `POST ${RULES}/drafts/kim/publish?note=late`, status: 409, headers: { 'If-Match': '"2"' } },
  { ask: `DELETE ${RULES}/drafts/kim`, status: 204 },
  { ask: `DELETE ${RULES}/drafts/kim`, status: 404 },
  { ask: `POST ${RULES}/versions?note=x`, status: 428, body: membership(3, 5, LATER), headers: YAML },
  { ask: `DELETE ${RULES}/versions/2`, status: 412, headers: { 'If-Match': '"1"' } },
  { ask: `DELETE ${RULES}/versions/2`, status: 204, headers: { 'If-Match': '"2"' } },
  { ask: `POST ${SHOP}/versions?note=open`, status: 201, body: shop(1, 18), headers: { ...YAML, 'If-Match': '"0"' } },
  { ask: `POST ${SHOP}/versions?note=x`, status: 412, body: shop(2, 21), headers: { ...YAML, 'If-Match': '"0"' } },
  {
    ask: `POST ${SHOP}/versions?note=x`,
    status: 422,
    body: 'format: perkbook/1',
    headers: { ...YAML, 'If-Match': '"1"' },
  },
  {
    ask: `POST ${SHOP}/versions?note=x&dryRun=true`,
    status: 200,
    body: shop(2, 21),
    headers: { ...YAML, 'If-Match': '"1"' },
  },
  { ask: `POST ${SHOP}/versions?note=older`, status: 201, body: shop(2, 21), headers: { ...YAML, 'If-Match': '"1"' } },
  { ask: `POST ${SHOP}/rollback`, status: 201, body: { to: 1, note: 'too strict' } },
  { ask: `GET ${SHOP}/versions`, status: 200 },
  { ask: 'POST /v1/keys', status: 201, body: { name: 'the shop', scopes: ['decide'] } },
  { ask: 'GET /v1/keys', status: 200 },
  { ask: 'GET /v1/keys/KEY', status: 200 },
  { ask: 'DELETE /v1/keys/KEY', status: 204 },
  { ask: 'GET /metrics', status: 200 },
  { ask: 'GET /v1/decisions-log?limit=3', status: 200 },
  { ask: 'GET /openapi.json', status: 200 },
  { ask: 'GET /docs', status: 200 },
  { ask: 'GET /docs/page.js', status: 200 },
  { ask: 'GET /docs/other.js', status: 404 },
];

/** What a caller cannot bring about on a server that is well: such answers are seen in the tests of outages. */
const NOT_HERE = ['GET /readyz 503', 'POST /v1/rule-sets/{id}/rollback 200'];

describe('every route', () => {
  let server: Keyed;
  let rules: string;
  let logs: string;
  let described: Conformance;
  let description: Description;

  before(async () => {
    rules = mkdtempSync(join(tmpdir(), 'perkbook-rules-'));
    logs = mkdtempSync(join(tmpdir(), 'perkbook-log-'));
    server = await runWithKeys({
      rules: await copyOfRules(rules),
      decisionLog: { sink: 'file', folder: logs, keepDays: 1, sampleAllows: 1, mask: [] },
    });
    described = await describedBy(server.address);
    description = (await server.get('/openapi.json')).json;
  });
  after(async () => {
    await server.close();
    for (const folder of [rules, logs]) rmSync(folder, { recursive: true, force: true });
  });

  it('answers as described, whatever is asked', async () => {
    const seen = new Set<string>();
    let key = '';
    for (const { ask, status, body, headers } of STEPS) {
      const [method = '', path = ''] = ask.replace('KEY', key).split(' ');
      const got = await server.send(method, path, body, { ...server.admin, ...headers });
      expect(got.status, `${ask}: ${got.text}`).to.equal(status);
      // What was understood has been described as something to send, too.
      const operation = described.operationOf(method, path) ?? ask;
      const type = headers?.['Content-Type'] ?? 'application/json';
      if (body !== undefined && status < 300)
        expect(described.bodyFaults(operation, type, body), ask).to.deep.equal([]);
      if (ask === 'POST /v1/keys') key = got.json.id;
      seen.add(`${operation} ${status}`);
    }
    const good = Object.entries(description.paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { responses }]) =>
        Object.keys(responses).map((status) => `${method.toUpperCase()} ${path} ${status}`),
      ),
    );
    const missed = good.filter((each) => / [23]\d\d$/.test(each) && !seen.has(each) && !NOT_HERE.includes(each));
    expect(missed, 'described, and never seen').to.deep.equal([]);
  });

  it('refuses as described', async () => {
    for (const [template, operations] of Object.entries(description.paths)) {
      const path = template.replaceAll(/\{\w+\}/g, 'x');
      for (const [verb, { responses }] of Object.entries(operations)) {
        const method = verb.toUpperCase();
        const body = method === 'GET' || method === 'DELETE' ? undefined : '{';
        const unknown = await server.send(method, `${path}?nonsense=1`, body, server.admin);
        expect(unknown.status, `${method} ${path}`).to.be.within(400, 422);
        const unwritable = await server.send(method, path, body, { ...server.admin, Accept: 'image/png' });
        // AuthZEN answers JSON whatever somebody would like.
        const least = responses[406] === undefined ? 200 : 400;
        expect(unwritable.status, `${method} ${path}`).to.be.within(least, 422);
        const stranger = await server.send(method, path, body, { Authorization: 'Bearer nobody' });
        expect(stranger.status, `${method} ${path}`).to.be.oneOf([200, 400, 401, 404, 406, 429]);
      }
    }
  });
});

async function copyOfRules(folder: string): Promise<string> {
  const { cp } = await import('node:fs/promises');
  await cp('rules', folder, { recursive: true });
  return folder;
}
