import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { MongoClient } from 'mongodb';
import { problemJson } from '../../src/http/outgoing/problem-json.ts';
import { type Answer, type Load, underLoad } from '../http/load.ts';
import { raw } from '../http/raw.ts';
import { request, STARTER_TERM } from '../http/running.ts';
import { hasMongo, type MongoDatabase, mongoDatabase } from '../stores/mongo-server.ts';
import { until } from '../support/expecting.ts';
import { Evaluator } from './evaluator.ts';
import { textOf } from './files.ts';
import { freePort, hasNginx, type LogLine, type RunningNginx, startNginx } from './nginx-server.ts';

const RULES = fileURLToPath(new URL('../../../rules/pixai-membership/v1.yaml', import.meta.url));
/** Enough that measuring an impact takes several reports of its progress. */
const MANY_MEMBERS = 20_000;

describe('nginx in front of two evaluators on one MongoDB', function () {
  this.timeout(60_000);
  let target: MongoDatabase;
  let data: string;
  let first: Evaluator;
  let second: Evaluator;
  let nginx: RunningNginx;

  before(async function () {
    if (!hasNginx() || !hasMongo()) return this.skip();
    const found = await mongoDatabase();
    if (found === undefined) throw new Error('there is no MongoDB server');
    target = found;
    data = mkdtempSync(join(tmpdir(), 'perkbook-deploy-'));
    const env = { MONGODB_URI: found.uri.replace(/\/?(\?|$)/, `/${found.database}$1`), PERKBOOK_DATA: data };
    first = new Evaluator(await freePort(), env);
    second = new Evaluator(await freePort(), env);
    await first.start();
    await second.start();
    nginx = await startNginx([first.port, second.port]);
  });

  after(async () => {
    await nginx?.stop();
    await Promise.all([first?.end('SIGKILL'), second?.end('SIGKILL')]);
    if (data !== undefined) rmSync(data, { recursive: true, force: true });
    await target?.drop();
  });

  it('shares the requests out, with one name for each in every log', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `ask-${i}`);
    for (const name of names) {
      const { status, headers } = await ask({ 'X-Request-ID': name });
      expect([status, headers.get('x-request-id')]).to.deep.equal([200, name]);
    }
    const logged = await linesOf(names);
    expect(new Set(logged.map(({ evaluator }) => evaluator))).to.have.property('size', 2);
    const { headers } = await ask({});
    const made = headers.get('x-request-id') ?? '';
    expect(made).to.match(/^[\da-f]{32}$/);
    await linesOf([made]);
  });

  it('answers every request, and counts each consume once, while an evaluator is ended by force', async () => {
    const load = await freshLoad();
    load.begin();
    await sleep(500);
    await first.end('SIGKILL');
    await sleep(1_500);
    const answers = await load.end();
    expectAllAnswered(answers);
    expect(await load.recorded()).to.equal(load.confirmed);
    // Otherwise nothing was under way when it ended.
    expect(nginx.log().some(({ evaluator }) => evaluator.includes(', '))).to.equal(true);

    await first.start();
    const before = nginx.log().length;
    await until(async () => {
      await ask({});
      return nginx
        .log()
        .slice(before)
        .some(({ evaluator, status }) => evaluator === `127.0.0.1:${first.port}` && status === 200);
    }, 5_000);
  });

  it('loses no request while one evaluator after the other is stopped and started again', async () => {
    const load = await freshLoad();
    load.begin();
    for (const evaluator of [first, second]) {
      await sleep(500);
      expect(await evaluator.end('SIGTERM')).to.equal(0);
      await evaluator.start();
      // As an orchestrator does, it goes on with the next one only when this one is seen to answer.
      await sleep(2_500);
    }
    const answers = await load.end();
    expectAllAnswered(answers);
    expect(await load.recorded()).to.equal(load.confirmed);
  });

  it('asks the other one when an evaluator hangs, and counts nothing twice when it goes on', async () => {
    const load = await freshLoad();
    load.begin();
    await sleep(300);
    first.signal('SIGSTOP');
    await sleep(7_000);
    first.signal('SIGCONT');
    await sleep(1_000);
    const answers = await load.end();
    expectAllAnswered(answers);
    expect(Math.max(...answers.map(({ ms }) => ms))).to.be.lessThan(11_000);
    expect(await load.recorded()).to.equal(load.confirmed);
  });

  it('logs which route was asked, and nothing that may say about whom', async () => {
    const routes = {
      '/v1/members/hidden%2Fuser/consume': '/v1/members/:id/consume',
      '/v1/members/hidden': '/v1/members/:id',
      '/v1/members/hidden%2Fterms/terms/hidden': '/v1/members/:id/terms/:term',
      '/v1/members?after=hidden': '/v1/members',
      '/v1/decisions-log?user=hidden': '/v1/decisions-log',
      '/v1/rule-sets/pixai-membership/versions/1': '/v1/rule-sets/pixai-membership/versions/1',
      '/v1/keys/hidden': '/v1/keys/:id',
      '/v1/membres/hidden': 'other',
    };
    const names = Object.keys(routes).map((_, i) => `route-${i}`);
    for (const [i, path] of Object.keys(routes).entries())
      await request(`${nginx.address}${path}`, 'GET', undefined, { 'X-Request-ID': `route-${i}` });
    const named = await ask({ 'X-Request-ID': 'hidden@example.com' });
    expect(named.headers.get('x-request-id')).to.equal('hidden@example.com');
    const logged = await linesOf(names);
    expect(logged.map(({ route }) => route)).to.deep.equal(Object.values(routes));
    const [unnamed] = await linesOf(['other']);
    expect(unnamed?.route).to.equal('/v1/decisions');
    expect(JSON.stringify(nginx.log())).to.not.include('hidden');
  });

  it('repeats what may be repeated, and gives nothing else the short time for it', () => {
    const [, expression = ''] = /location ~ (\S+) \{/.exec(textOf('deploy/nginx.conf')) ?? [];
    const isRepeated = (path: string) => new RegExp(expression).test(path);
    for (const path of ['/v1/decisions', '/v1/decisions/batch', '/access/v1/evaluation', '/v1/members/a/b/consume'])
      expect(isRepeated(path), path).to.equal(true);
    for (const path of ['/v1/decisions-log', '/v1/members/consume', '/v1/rule-sets/a/impact', '/v1/keys'])
      expect(isRepeated(path), path).to.equal(false);
  });

  it('refuses what is too large just as an evaluator does', async () => {
    const asked = { user: 'sam', action: 'generation.turbo', context: { text: 'x'.repeat(1_200_000) } };
    const byEvaluator = await request(`${nginx.address}/v1/decisions`, 'POST', asked);
    const small = 'POST /v1/decisions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nX-Request-ID: large\r\n';
    const chunks = `10000\r\n${'x'.repeat(65_536)}\r\n`.repeat(33);
    const bodies = ['Content-Length: 2097153\r\n\r\n', `Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`];
    for (const body of bodies) {
      const answer = refusal(await raw(nginx.address, small + body));
      expect([answer.status, answer.type, answer.requestId]).to.deep.equal([413, 'application/problem+json', 'large']);
      expect(answer.json).to.deep.equal(byEvaluator.json);
    }
    const [line] = await linesOf(['large']);
    expect(line).to.include({ status: 413, route: '/v1/decisions', evaluator: '' });
  });

  const UNREAD = {
    'GARBAGE\r\n\r\n': 'malformed_request',
    'GET / HTTP/1.1\r\n\r\n': 'malformed_request',
    'GET / HTTP/3.0\r\nHost: a\r\n\r\n': 'malformed_request',
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: other\r\n\r\n': 'malformed_request',
    [`GET /${'x'.repeat(40_000)} HTTP/1.1\r\nHost: a\r\n\r\n`]: 'headers_too_large',
    [`GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(40_000)}\r\n\r\n`]: 'headers_too_large',
    'TRACE / HTTP/1.1\r\nHost: a\r\n\r\n': 'method_not_allowed',
    'GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n': 'unknown_path',
    'GET /refused HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n': 'unknown_path',
  } as const;

  it('says in the usual form what it cannot pass on', async () => {
    for (const [bytes, code] of Object.entries(UNREAD)) {
      const { status, type, requestId, json } = refusal(await raw(nginx.address, bytes));
      expect(json, bytes.slice(0, 60)).to.deep.equal(problemJson(code, json.detail));
      expect([status, type]).to.deep.equal([json.status, 'application/problem+json']);
      expect(requestId).to.match(/^[\da-f]{32}$/);
    }
  });

  it('passes the events of a long answer on as they come', async () => {
    await manyMembers();
    const next = readFileSync(RULES, 'utf8')
      .replace('version: 1', 'version: 2')
      .replace('2026-01-01T00:00:00Z', '2099-01-01T00:00:00Z')
      .replace('starter: 3,', 'starter: 4,');
    const response = await fetch(`${nginx.address}/v1/rule-sets/pixai-membership/impact`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/yaml', Accept: 'text/event-stream' },
      body: next,
    });
    expect(response.status).to.equal(200);
    const arrivals: { readonly at: number; readonly name: string | undefined }[] = [];
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      for (const [, name] of decoder.decode(chunk, { stream: true }).matchAll(/^event: (\w+)/gm)) {
        arrivals.push({ at: performance.now(), name });
      }
    }
    expect(arrivals.at(-1)?.name).to.equal('result');
    const reports = arrivals.filter(({ name }) => name === 'progress');
    expect(reports.length).to.be.greaterThan(2);
    // Collected on the way, several would come at once.
    const apart = reports.slice(1).map(({ at }, i) => at - (reports[i]?.at ?? 0));
    expect(Math.min(...apart)).to.be.greaterThan(50);
  });

  it('says in the usual form that it cannot work', async () => {
    rmSync(join(nginx.folder, 'nginx-body'), { recursive: true });
    const { status, json } = await request(`${nginx.address}/v1/decisions`, 'POST', 'x'.repeat(1_500_000));
    expect(status).to.equal(500);
    expect(json).to.deep.equal(problemJson('internal_error', json.detail));
  });

  it('keeps each evaluator’s own numbers from outside, and says in the usual form that nobody answers', async () => {
    expect((await request(`${nginx.address}/metrics`, 'GET')).status).to.equal(404);
    await Promise.all([first.end('SIGKILL'), second.end('SIGKILL')]);
    const { status, headers, json } = await ask({ 'X-Request-ID': 'late' });
    expect(status).to.equal(503);
    expect(headers.get('content-type')).to.match(/^application\/problem\+json/);
    expect([headers.get('retry-after'), headers.get('x-request-id')]).to.deep.equal(['1', 'late']);
    expect(json).to.include({ type: 'urn:perkbook:problem:no_evaluator', title: 'No evaluator', code: 'no_evaluator' });
    expect(json.status).to.equal(503);
  });

  const ask = (headers: Readonly<Record<string, string>>) =>
    request(`${nginx.address}/v1/decisions`, 'POST', { user: 'sam', action: 'generation.turbo' }, headers);

  /** The lines about requests of these names, in their order. nginx writes a line only after its answer was sent. */
  async function linesOf(names: readonly string[]): Promise<readonly LogLine[]> {
    const find = () => names.flatMap((name) => nginx.log().find(({ requestId }) => requestId === name) ?? []);
    await until(() => find().length === names.length, 5_000);
    return find();
  }

  /** Callers whose members are new: each test counts from nothing. */
  async function freshLoad(): Promise<Load> {
    const { json } = await request(`${nginx.address}/v1/members?limit=100`, 'GET');
    for (const { id } of json.members) await request(`${nginx.address}/v1/members/${id}`, 'DELETE');
    return underLoad(nginx.address);
  }

  /** Copies of one member, as the store writes it. */
  async function manyMembers(): Promise<void> {
    await request(`${nginx.address}/v1/members/pattern`, 'PUT', { terms: [STARTER_TERM] });
    const client = new MongoClient(target.uri);
    try {
      const members = client.db(target.database).collection<{ _id: string }>('members');
      const pattern = await members.findOne({ _id: 'pattern' });
      if (pattern === null) throw new Error('no member was written');
      const copies = Array.from({ length: MANY_MEMBERS }, (_, i) => ({ ...pattern, _id: `copy-${i}` }));
      for (let i = 0; i < copies.length; i += 5_000) await members.insertMany(copies.slice(i, i + 5_000));
    } finally {
      await client.close();
    }
  }
});

/** An answer as it came over the wire. */
function refusal(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const header = (name: string) => new RegExp(`^${name}: (.*)\r?$`, 'im').exec(head)?.[1];
  return {
    status: Number(head.split(' ')[1]),
    type: header('content-type'),
    requestId: header('x-request-id'),
    json: JSON.parse(body),
  };
}

function expectAllAnswered(answers: readonly Answer[]): void {
  const failed = answers.filter(({ status }) => status !== 200);
  expect(failed.slice(0, 5), `${failed.length} of ${answers.length} requests failed`).to.deep.equal([]);
  expect(answers.length).to.be.greaterThan(200);
}
