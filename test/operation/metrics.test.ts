import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { Distribution } from '../../src/metrics/distribution.ts';
import { type Running, run, SIX_LORAS, STARTER_TERM } from '../http/running.ts';
import { namesIn, seriesIn } from './exposition.ts';

const PAGE = 'docs/operation.md';

describe('metrics', () => {
  let server: Running;
  beforeEach(async () => {
    server = await run();
    await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] });
  });
  afterEach(() => server.close());

  const scraped = async () => seriesIn((await server.get('/metrics')).text);

  it('count what was decided, by action, outcome and reason, in a batch too', async () => {
    await server.post('/v1/decisions', SIX_LORAS);
    await server.post('/v1/decisions/batch', {
      questions: [
        SIX_LORAS,
        { ...SIX_LORAS, input: { ...SIX_LORAS.input, loras: 1 } },
        { user: 'sam', action: 'nope' },
      ],
    });
    const series = await scraped();
    const decided = (rest: string) =>
      series.get(`perkbook_decisions_total{rule_set="pixai-membership",action="generation.create",${rest}}`);
    expect(decided('outcome="deny",reason="limit_exceeded"')).to.equal(2);
    expect(decided('outcome="allow",reason=""')).to.equal(1);
    expect([...series.keys()].filter((name) => name.includes('nope'))).to.deep.equal([]);
  });

  it('count what was used up once, however often the attempt is repeated', async () => {
    const body = { action: 'lora.train_free', idempotencyKey: 'job-1' };
    for (const _ of [1, 2]) await server.post('/v1/members/sam/consume', body);
    const series = await scraped();
    const consumed =
      'perkbook_consumes_total{rule_set="pixai-membership",action="lora.train_free",outcome="allow",reason=""}';
    expect(series.get(consumed)).to.equal(1);
    expect(series.get('perkbook_store_call_seconds_count{operation="update",outcome="ok"}')).to.equal(3);
  });

  it('count flags by perk and reason, each of those that are told at once too, and none that is made up', async () => {
    const path = '/ofrep/v1/evaluate/flags';
    const flagsOf = (targetingKey: string, rest = '', headers = {}) =>
      server.post(path + rest, { context: { targetingKey } }, headers);
    await flagsOf('sam', '/turbo_mode');
    await flagsOf('nobody', '/turbo_mode');
    const { headers, json } = await flagsOf('sam');
    expect((await flagsOf('sam', '', { 'If-None-Match': headers.get('etag') ?? '' })).status).to.equal(304);
    expect((await flagsOf('sam', '/turbo_mod')).status).to.equal(404);
    expect((await flagsOf('', '/turbo_mode')).status).to.equal(400);
    const { text } = await server.get('/metrics');
    const series = seriesIn(text);
    const told = (flag: string, reason: string) =>
      series.get(`perkbook_flags_total{rule_set="pixai-membership",flag="${flag}",reason="${reason}"}`);
    expect(told('turbo_mode', 'TARGETING_MATCH')).to.equal(3);
    expect(told('turbo_mode', 'DEFAULT')).to.equal(1);
    for (const { key, reason } of json.flags) expect(told(key, reason), key).to.be.at.least(2);
    expect(text).to.not.match(/turbo_mod"/);
  });

  it('count pages of searches by what was searched for, and at how many they looked', async () => {
    for (const id of ['ann', 'ben']) await server.send('PUT', `/v1/members/${id}`, { terms: [] });
    const search = (searched: string, body: object) => server.post(`/access/v1/search/${searched}`, body);
    const sam = { type: 'user', id: 'sam' };
    const rules = { type: 'ruleSet', id: 'pixai-membership' };
    const turbo = { action: { name: 'generation.turbo' }, resource: rules };
    const many = { subject: { type: 'user' }, ...turbo };
    const { json } = await search('subject', { ...many, page: { limit: 1 } });
    expect(json.results).to.deep.equal([sam]);
    await search('resource', { subject: sam, action: turbo.action, resource: { type: 'ruleSet' } });
    const { json: actions } = await search('action', { subject: sam, resource: rules });
    expect((await search('action', { subject: sam })).status).to.equal(400);
    const notThere = await search('subject', { ...many, action: { name: 'generation.turbbo' } });
    expect(notThere.json.context.error.code).to.equal('unknown_action');
    const { text } = await server.get('/metrics');
    const series = seriesIn(text);
    const of = (name: string, kind: string) => series.get(`perkbook_search${name}_total{kind="${kind}"}`);
    expect([of('es', 'subject'), of('es', 'resource'), of('es', 'action')]).to.deep.equal([2, 1, 1]);
    expect([of('_candidates', 'subject'), of('_candidates', 'resource')]).to.deep.equal([3, 1]);
    // Also those that sam may not, and those of them that need an input are not asked about.
    expect(of('_candidates', 'action')).to.be.greaterThan(actions.results.length);
    expect(text).to.not.include('turbbo');
  });

  it('time requests by route and status, without the names of users, and what no route has', async () => {
    await server.get('/v1/members/sam');
    await server.get('/v1/members/nobody-at-all');
    for (const path of ['/v1/membrs', '/.env', '/v1/decisions']) await server.get(path);
    const { text } = await server.get('/metrics');
    const series = seriesIn(text);
    const count = (labels: string) => series.get(`perkbook_http_request_seconds_count{${labels}}`);
    expect(count('method="GET",route="/v1/members/:id",status="2xx"')).to.equal(1);
    expect(count('method="GET",route="/v1/members/:id",status="4xx"')).to.equal(1);
    expect(count('method="any",route="none",status="4xx"')).to.equal(3);
    expect(text).to.not.match(/sam|nobody|membrs|\.env/);
    const put = 'method="PUT",route="/v1/members/:id",status="2xx"';
    expect(series.get(`perkbook_http_request_seconds_bucket{${put},le="+Inf"}`)).to.equal(count(put));
    expect(series.get(`perkbook_http_request_seconds_sum{${put}}`)).to.be.within(0.000_01, 5);
  });

  it('say which reads of facts the cache saved, and that none was old', async () => {
    for (const _ of [1, 2, 3]) await server.post('/v1/decisions', SIX_LORAS);
    const series = await scraped();
    const reads = (result: string) => series.get(`perkbook_facts_reads_total{result="${result}"}`);
    expect([reads('hit'), reads('miss'), reads('stale'), reads('unreachable')]).to.deep.equal([2, 1, 0, 0]);
    expect(series.get('perkbook_store_down')).to.equal(0);
  });

  it('say which version is in force, since when by the clock of the server, and how the rules were loaded', async () => {
    const labels = '{rule_set="pixai-membership"}';
    await server.send('PUT', '/v1/clock', { now: '2026-01-01T00:00:10Z' });
    const series = await scraped();
    expect(series.get(`perkbook_rule_set_version${labels}`)).to.equal(1);
    expect(series.get(`perkbook_rule_set_age_seconds${labels}`)).to.equal(10);
    expect(series.get('perkbook_rule_loads_total{result="loaded"}')).to.equal(1);
    expect(series.get('perkbook_rule_findings{severity="error"}')).to.equal(0);
  });

  it('say what the process needs, and how long its event loop lets requests wait', async () => {
    const series = await scraped();
    expect(series.get('process_resident_memory_bytes')).to.be.greaterThan(10_000_000);
    expect(series.get('nodejs_eventloop_lag_p99_seconds')).to.be.a('number');
    expect(series.get('process_start_time_seconds')).to.be.greaterThan(1_700_000_000);
    expect(series.get('perkbook_workers')).to.equal(1);
  });

  it('are text that says its form, for whatever Prometheus accepts', async () => {
    const accept = 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1';
    const { status, headers, text } = await server.get('/metrics', { Accept: accept });
    expect([status, headers.get('content-type')]).to.deep.equal([200, 'text/plain; version=0.0.4; charset=utf-8']);
    for (const line of text.trim().split('\n')) {
      expect(line).to.match(
        /^$|^# (?:HELP|TYPE) [a-z_0-9]+ .+$|^[a-z_0-9]+(?:\{(?:[a-z_]+="[^"]*",?)*\})? [-+.\deNan]+$/,
      );
    }
  });

  it('are all explained in docs, and all that is explained is there', async () => {
    await server.post('/v1/decisions', SIX_LORAS);
    const { text } = await server.get('/metrics');
    const [table = ''] = readFileSync(PAGE, 'utf8').split('## Alerts');
    const explained = [...table.matchAll(/^\| `(perkbook_[a-z_]+)/gm)].map(([, name = '']) => name);
    expect(explained.sort()).to.deep.equal(namesIn(text));
    // Alerts and the rest of the page name no others, those of a process among them.
    const named = readFileSync(PAGE, 'utf8').matchAll(/\b(?:perkbook|nodejs|process)_[a-z_\d]+\b/g);
    for (const [name] of named) expect(text, name).to.contain(`${name}`);
  });
});

describe('metrics that are not for everybody', () => {
  it('are not there where they are turned off', async () => {
    const server = await run({ metrics: false });
    try {
      expect((await server.get('/metrics')).status).to.equal(404);
      expect((await server.post('/v1/decisions', SIX_LORAS)).status).to.equal(200);
    } finally {
      await server.close();
    }
  });

  it('need a key that may read the log, where callers have to say who they are', async () => {
    const server = await run();
    try {
      const bearerOf = async (scope: string, headers?: Readonly<Record<string, string>>) => {
        const { json } = await server.post('/v1/keys', { name: scope, scopes: [scope] }, headers);
        return { Authorization: `Bearer ${json.key}` };
      };
      const admin = await bearerOf('admin');
      expect((await server.get('/metrics')).json).to.include({ status: 401, code: 'unauthenticated' });
      const asker = await bearerOf('decide', admin);
      expect((await server.get('/metrics', asker)).json).to.include({ status: 403, code: 'forbidden' });
      expect((await server.get('/metrics', await bearerOf('log:read', admin))).status).to.equal(200);
    } finally {
      await server.close();
    }
  });
});

describe('a distribution', () => {
  const BOUNDS = [0.001, 0.01, 0.1, 1];

  it('has in each bucket all that took no longer, and nothing is lost', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 10, noNaN: true })), (durations) => {
        const distribution = new Distribution(BOUNDS);
        for (const each of durations) distribution.note(each);
        const expected = [...BOUNDS, Number.POSITIVE_INFINITY].map(
          (bound) => durations.filter((each) => each <= bound).length,
        );
        expect(distribution.cumulative).to.deep.equal(expected);
        expect(distribution.sum).to.be.closeTo(
          durations.reduce((sum, each) => sum + each, 0),
          1e-9,
        );
      }),
    );
  });
});
