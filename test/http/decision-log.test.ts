import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { SchemaCheck } from '../../src/api/schema.ts';
import type { DecisionLogConfig } from '../../src/config/config.ts';
import { until } from '../support/expecting.ts';
import { runWithKeys } from './access/with-keys.ts';
import { type Got, type Running, run, SIX_LORAS, STARTER_TERM } from './running.ts';

const isPage = new SchemaCheck('answers/log/page', { referred: ['answers/log/entry'] });
const LOG = '/v1/decisions-log';

async function logOf(server: Running, query: string, atLeast: number): Promise<Got> {
  const deadline = performance.now() + 5000;
  for (;;) {
    const got = await server.get(`${LOG}?${query}`);
    if (got.status !== 200 || got.json.entries.length >= atLeast || performance.now() > deadline) return got;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the decision log over HTTP', () => {
  let folder: string;
  let server: Running;
  const config = (rest: Partial<DecisionLogConfig> = {}): { readonly decisionLog: DecisionLogConfig } => ({
    decisionLog: { sink: 'file', folder, keepDays: 7, sampleAllows: 1, mask: [], ...rest },
  });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'perkbook-log-'));
    server = await run(config({ mask: ['context.ip'] }));
    await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM], holdings: { private_models: 2 } });
  });
  afterEach(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has what a caller was told, and the facts that it was made from', async () => {
    const context = { ip: '192.0.2.7', friend: 'sam' };
    const answer = await server.post('/v1/decisions', { ...SIX_LORAS, context }, { 'X-Request-Id': 'r-1' });
    const { json, text } = await logOf(server, 'user=sam', 1);
    expect(isPage.matches(json), JSON.stringify(isPage.errors)).to.equal(true);
    const [entry] = json.entries;
    const { id, at, decision, tier, values, validUntil, ruleSet, unlockedBy } = answer.json;
    expect(entry).to.deep.include({ id, at, decision, tier, values, validUntil, ruleSet, unlockedBy });
    expect(entry).to.deep.include({ log: 1, caller: 'anybody', requestId: 'r-1', input: SIX_LORAS.input });
    expect(entry.reason).to.deep.equal({ code: 'limit_exceeded', perk: 'loras_per_generation' });
    expect(entry.facts).to.deep.equal({
      state: 'fresh',
      revision: 1,
      anchor: STARTER_TERM.startsAt,
      terms: [{ tier: 'starter', channel: 'web', startsAt: STARTER_TERM.startsAt, endsAt: STARTER_TERM.endsAt }],
      holdings: { private_models: 2 },
    });
    expect(entry.context).to.deep.equal({ ip: '***', friend: entry.user });
    expect(entry.masked).to.deep.equal(['context.ip']);
    expect(text).to.not.match(/"sam"|192\.0\.2\.7/);
  });

  it('has consumes with the facts before them, and the same attempt again as such', async () => {
    const body = { action: 'lora.train_free', amount: 2, idempotencyKey: 'job-1' };
    const first = await server.post('/v1/members/sam/consume', body);
    await server.post('/v1/members/sam/consume', body);
    await server.post('/v1/members/sam/consume', { ...body, idempotencyKey: 'job-2' });
    const { entries } = (await logOf(server, 'user=sam', 3)).json;
    const [denied, again, told] = entries;
    expect(told.id).to.equal(first.json.id);
    expect(told.consume).to.deep.equal({ consumed: 2, revision: 2 });
    expect(told.facts).to.deep.include({ revision: 1 });
    const period = { from: STARTER_TERM.startsAt, until: STARTER_TERM.endsAt };
    expect(told.facts.usage).to.deep.equal({ free_lora_training: { ...period, used: 0, times: 0 } });
    expect(again.consume).to.deep.equal({ consumed: 2, revision: 2, replayOf: first.json.id });
    expect(again.facts).to.deep.equal({ state: 'notRead' });
    expect(denied).to.deep.include({ decision: 'deny', amount: 2 });
    expect(denied.facts.usage).to.deep.equal({ free_lora_training: { ...period, used: 2, times: 1 } });
  });

  it('has each question of a batch, and none that was not understood or explained', async () => {
    const turbo = { user: 'sam', action: 'generation.turbo' };
    await server.post('/v1/decisions/batch', { questions: [SIX_LORAS, { user: 'sam' }, turbo] });
    await server.post('/v1/decisions/explain', SIX_LORAS);
    await server.get('/v1/members/sam/perks');
    await server.post('/v1/decisions', { ...turbo, user: 'last' });
    const { entries } = (await logOf(server, '', 3)).json;
    expect(entries.map(({ action }: { action: string }) => action)).to.deep.equal([
      'generation.turbo',
      'generation.turbo',
      'generation.create',
    ]);
  });

  it('is filtered, and read in pages, the newest first', async () => {
    for (const user of ['sam', 'eve', 'sam', 'eve', 'sam']) {
      await server.post('/v1/decisions', { ...SIX_LORAS, user });
      await server.post('/v1/decisions', { user, action: 'avatar.upload', input: { format: 'png' } });
    }
    await server.post('/v1/decisions', {
      user: 'u-anna',
      action: 'document.read',
      resource: { type: 'document', id: 'handbook' },
    });
    await logOf(server, '', 11);
    const counted = async (query: string) => (await server.get(`${LOG}?${query}`)).json.entries.length;
    expect(await counted('user=sam')).to.equal(6);
    expect(await counted('user=eve&decision=deny')).to.equal(2);
    expect(await counted('user=nobody')).to.equal(0);
    expect(await counted('action=avatar.upload')).to.equal(5);
    expect(await counted('decision=allow')).to.equal(6);
    expect(await counted('code=limit_exceeded')).to.equal(5);
    expect(await counted('ruleSet=documents')).to.equal(1);
    expect(await counted('caller=anybody&limit=500')).to.equal(11);
    expect(await counted('caller=else')).to.equal(0);
    const all = (await server.get(`${LOG}?limit=500`)).json.entries;
    const [newest] = all;
    expect(newest.action).to.equal('document.read');
    expect(await counted(`from=${newest.time}`)).to.be.greaterThan(0);
    expect(await counted(`until=${all.at(-1).time}`)).to.equal(0);

    const ids: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page: Got = await server.get(`${LOG}?limit=3${after === '' ? '' : `&after=${after}`}`);
      ids.push(...page.json.entries.map(({ id }: { id: string }) => id));
      after = page.json.next;
    }
    expect(ids).to.deep.equal(all.map(({ id }: { id: string }) => id));
    expect(ids).to.deep.equal([...ids].sort().reverse());
  });

  it('takes a plain day for its beginning, in UTC', async () => {
    await server.post('/v1/decisions', SIX_LORAS);
    const [{ time }] = (await logOf(server, '', 1)).json.entries;
    const dayAfter = (days: number) => new Date(Date.parse(time) + days * 86_400_000).toISOString().slice(0, 10);
    const counted = async (query: string) => (await server.get(`${LOG}?${query}`)).json.entries.length;
    expect(await counted(`from=${dayAfter(0)}`)).to.equal(1);
    expect(await counted(`from=${dayAfter(1)}`)).to.equal(0);
    expect(await counted(`until=${dayAfter(0)}`)).to.equal(0);
    expect(await counted(`from=${dayAfter(0)}&until=${dayAfter(1)}`)).to.equal(1);
    const { json } = await server.get(`${LOG}?from=2026-02-30`);
    expect(json.detail).to.include('must be an instant such as `2026-11-22T10:00:00Z` or a day such as `2026-11-22`');
  });

  for (const [query, field] of [
    ['from=2026-11-22&until=2026-11-22', '/until'],
    ['from=2026-02-30', '/from'],
    ['decision=denied', '/decision'],
    ['limit=0', '/limit'],
    ['limit=501', '/limit'],
    ['from=yesterday', '/from'],
    ['from=2026-11-22T10:00:00Z&until=2026-11-22T10:00:00Z', '/until'],
    ['after=1', '/after'],
    ['usr=sam', '/usr'],
    ['user=', '/user'],
  ] as const) {
    it(`does not guess what \`${query}\` means`, async () => {
      const { status, json } = await server.get(`${LOG}?${query}`);
      expect([status, json.field]).to.deep.equal([400, field]);
    });
  }

  it('forgets whose entries they were with the member', async () => {
    await server.post('/v1/decisions', SIX_LORAS);
    const [before] = (await logOf(server, 'user=sam', 1)).json.entries;
    expect((await server.send('DELETE', '/v1/members/sam', undefined, { 'If-Match': '"7"' })).status).to.equal(412);
    expect((await server.get(`${LOG}?user=sam`)).json.entries, 'still there').to.have.lengthOf(1);
    await server.send('DELETE', '/v1/members/sam');
    expect((await server.get(`${LOG}?user=sam`)).json).to.deep.equal({ entries: [], next: null });
    await server.post('/v1/decisions', SIX_LORAS);
    const [after] = (await logOf(server, 'user=sam', 1)).json.entries;
    expect(after.user).to.not.equal(before.user);
    expect((await server.get(LOG)).json.entries, 'the entries stay').to.have.lengthOf(2);
  });

  it('has every denial, and the share of allows that is wanted, which the entries say', async () => {
    await server.close();
    server = await run(config({ sampleAllows: 0.25 }));
    const png = { user: 'sam', action: 'avatar.upload', input: { format: 'png' } };
    const questions = Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? png : { ...SIX_LORAS, user: 'eve' }));
    await server.post('/v1/decisions/batch', { questions });
    await logOf(server, 'decision=deny&limit=500', 200);
    const denials = (await server.get(`${LOG}?decision=deny&limit=500`)).json.entries;
    const allows = (await server.get(`${LOG}?decision=allow&limit=500`)).json.entries;
    expect(denials).to.have.lengthOf(200);
    expect(denials[0]).to.not.have.property('sample');
    // Of 200: 20 is more than five times the deviation from 50.
    expect(allows.length).to.be.within(20, 85);
    expect(allows[0].sample).to.equal(0.25);
  });

  it('is written to the end when the server stops, and goes on when it starts again', async () => {
    await server.post('/v1/decisions', SIX_LORAS);
    await server.close();
    expect(readFileSync(join(folder, readdirSync(folder)[0] ?? ''), 'utf8')).to.match(/^\{"log":1,.*\}\n$/);
    server = await run(config());
    await server.post('/v1/decisions', { ...SIX_LORAS, user: 'eve' });
    expect((await logOf(server, '', 2)).json.entries).to.have.lengthOf(2);
    expect(readdirSync(folder)).to.have.lengthOf(2);
  });

  it('is a 503 while it cannot be read', async () => {
    rmSync(folder, { recursive: true, force: true });
    writeFileSync(folder, '');
    const got = await server.get(LOG);
    expect(got.json).to.include({ status: 503, code: 'log_unreachable' });
    expect(got.headers.get('retry-after')).to.equal('1');
  });

  it('is for who has the scope, and speaks for the rule set', async () => {
    const keyed = await runWithKeys(config());
    try {
      const documents = await keyed.key(['decide', 'log:read'], { ruleSets: ['documents'] });
      const asker = await keyed.key(['decide']);
      await keyed.post('/v1/decisions', SIX_LORAS, asker);
      const resource = { type: 'document', id: 'handbook' };
      await keyed.post('/v1/decisions', { user: 'sam', action: 'document.read', resource }, documents);
      const read = async (query: string, key: Readonly<Record<string, string>>) => keyed.get(`${LOG}${query}`, key);
      await until(async () => (await read('', keyed.admin)).json.entries.length === 2);
      const own = (await read('', documents)).json.entries;
      expect(own.map(({ action }: { action: string }) => action)).to.deep.equal(['document.read']);
      expect((await read('?ruleSet=pixai-membership', documents)).status).to.equal(403);
      expect((await read('', asker)).status).to.equal(403);
    } finally {
      await keyed.close();
    }
  });

  it('has what is asked by AuthZEN', async () => {
    const body = {
      subject: { type: 'user', id: 'u-ben' },
      action: { name: 'document.delete' },
      resource: { type: 'document', id: 'salaries' },
    };
    const { json } = await server.post('/access/v1/evaluation', body);
    expect(json.decision).to.equal(true);
    const [entry] = (await logOf(server, 'user=u-ben', 1)).json.entries;
    expect(entry).to.deep.include({ action: 'document.delete', decision: 'allow' });
    expect(entry.resource).to.deep.equal({ type: 'document', id: 'salaries', isUser: ['owner'] });
  });

  it('is counted in the metrics', async () => {
    await server.post('/v1/decisions', SIX_LORAS);
    await logOf(server, '', 1);
    expect((await server.get('/metrics')).text).to.match(/perkbook_decision_log_entries_total\{result="written"\} 1/);
  });

  it('that cannot be kept as it is wanted keeps the server from starting, and says why', async () => {
    const why = async (rest: Partial<DecisionLogConfig>) => {
      try {
        await (await run(config(rest))).close();
        return 'started';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(await why({ mask: ['contxt.ip'] })).to.match(/`contxt\.ip`.*did you mean `context`\?/);
    expect(await why({ sink: 'mongodb' })).to.match(/MONGODB_URI/);
    writeFileSync(join(folder, 'file'), '');
    expect(await why({ folder: join(folder, 'file') })).to.match(/decision log cannot be kept/);
  });
});
