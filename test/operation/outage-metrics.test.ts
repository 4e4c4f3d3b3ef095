import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Running, run, STARTER_TERM } from '../http/running.ts';
import { ownMongoServer, type RunningServer } from '../stores/mongo-server.ts';
import { until } from '../support/expecting.ts';
import { seriesIn } from './exposition.ts';

describe('metrics of an outage', function () {
  this.timeout(30_000);
  let storage: string;
  let mongo: RunningServer;
  let perkbook: Running;
  before(async function () {
    storage = await mkdtemp(join(tmpdir(), 'perkbook-outage-metrics-'));
    const started = await ownMongoServer({ storage });
    if (started === undefined) return this.skip();
    mongo = started;
    perkbook = await run({ mongodbUri: mongo.uri }, () => {});
  });
  after(async () => {
    await perkbook?.close();
    await mongo?.stop();
    await rm(storage, { recursive: true, force: true });
  });

  it('show that the store is down, which answers were made without it, and that it came back', async () => {
    await perkbook.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] });
    const ask = (user: string) => perkbook.post('/v1/decisions', { user, action: 'lora.train_free' });
    const scraped = async () => seriesIn((await perkbook.get('/metrics')).text);
    const down = async () => (await scraped()).get('perkbook_store_down');
    await ask('sam');
    expect(await down()).to.equal(0);
    await mongo.kill9();
    await until(async () => {
      await Promise.all([ask('sam'), ask('stranger'), perkbook.get('/v1/members/sam')]);
      return (await down()) === 1;
    });
    // What was read just before is still fresh for a second.
    for (const user of ['sam', 'stranger']) await until(async () => (await ask(user)).json.degraded === true);
    const flags = '/ofrep/v1/evaluate/flags';
    await perkbook.post(flags, { context: { targetingKey: 'another-stranger' } });
    const series = await scraped();
    const told = 'perkbook_flags_total{rule_set="pixai-membership",flag="turbo_mode",reason="UNKNOWN"}';
    expect(series.get(told)).to.equal(1);
    const reads = (result: string) => series.get(`perkbook_facts_reads_total{result="${result}"}`);
    expect(reads('stale')).to.be.greaterThan(0);
    expect(reads('unreachable')).to.be.greaterThan(0);
    expect(series.get('perkbook_decisions_degraded_total')).to.be.greaterThan(1);
    expect(series.get('perkbook_store_outages_total')).to.be.greaterThan(0);
    expect(series.get('perkbook_store_call_seconds_count{operation="get",outcome="unreachable"}')).to.be.greaterThan(0);
    const again = await ownMongoServer({ storage, port: Number(new URL(mongo.uri).port) });
    if (again === undefined) throw new Error('it was there before');
    mongo = again;
    await until(async () => {
      await ask('sam');
      return (await down()) === 0;
    });
  });
});
