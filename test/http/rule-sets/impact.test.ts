import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { NOON, type Running, run, SIX_LORAS, STARTER_TERM } from '../running.ts';

const V1 = readFileSync(new URL('../../../../rules/pixai-membership/v1.yaml', import.meta.url), 'utf8');
const PATH = '/v1/rule-sets/pixai-membership/impact';
const YAML = { 'Content-Type': 'application/yaml' };
const FOUR = candidate(['starter: 3,', 'starter: 4,']);
const MEMBERS = 600;

/** The first version with parts replaced, starting a day later. */
function candidate(...changes: readonly (readonly [string, string])[]): string {
  return [
    ['version: 1', 'version: 2'],
    ['from: 2026-01-01T00:00:00Z', 'from: 2026-11-23T00:00:00Z'],
    ...changes,
  ].reduce((text, [from = '', to = '']) => {
    if (!text.includes(from)) throw new Error(`the file has no \`${from}\``);
    return text.replace(from, to);
  }, V1);
}

describe('POST …/impact', () => {
  let server: Running;
  let rules: string;

  before(async () => {
    rules = mkdtempSync(join(tmpdir(), 'perkbook-rules-'));
    cpSync(new URL('../../../../rules', import.meta.url), rules, { recursive: true });
    const second = candidate(['starter: 15,', 'starter: 10,']);
    writeFileSync(join(rules, 'pixai-membership', 'v2.yaml'), second.replace('from: 2026-11-23', 'from: 2026-11-20'));
    server = await run({ rules });
    for (let i = 0; i < MEMBERS; i++) {
      const terms = i % 3 === 0 ? [] : [{ ...STARTER_TERM, tier: i % 3 === 1 ? 'starter' : 'pro' }];
      await server.send('PUT', `/v1/members/u-${String(i).padStart(4, '0')}`, {
        terms,
        holdings: { private_models: i % 20 },
      });
    }
  });
  after(async () => {
    await server.close();
    rmSync(rules, { recursive: true, force: true });
  });

  it('says who gains and who loses by a rule file, judged when it starts', async () => {
    const { status, json } = await server.send('POST', PATH, FOUR.replace('starter: 15,', 'starter: 10,'), YAML);
    expect(status).to.equal(200);
    expect(json).to.deep.include({
      at: '2026-11-23T00:00:00.000Z',
      startsAt: '2026-11-23T00:00:00.000Z',
      members: 600,
      running: 400,
      gain: 200,
      lose: 0,
      mixed: 0,
      unchanged: 400,
      perks: { free_lora_training: { gain: 200, lose: 0 } },
      lossShare: 0,
      partial: false,
    });
    expect(json.tiers.starter).to.deep.equal({ members: 200, gain: 200, lose: 0 });
    expect(json.ruleSet).to.include({ id: 'pixai-membership', version: 3 });
    expect(json.examples).to.have.lengthOf.within(1, 20);
    expect(json.examples[0]).to.deep.equal({
      user: 'u-0001',
      what: 'gain',
      perk: 'free_lora_training',
      from: 3,
      to: 4,
    });
    expect(json).to.not.have.property('later');
  });

  it('judges a version that is there by its number, at the instant that is asked for', async () => {
    const { json } = await server.post(`${PATH}?version=2&at=2026-11-30T00:00:00Z`, undefined);
    expect(json).to.deep.include({ at: '2026-11-30T00:00:00.000Z', gain: 0, lose: 200 });
    expect(json.perks).to.deep.equal({ private_models: { gain: 0, lose: 200 } });
    expect(json.overLimit.members).to.be.within(80, 120);
    expect(json.overLimit.examples[0]).to.include({ perk: 'private_models', limit: 10 });
    // After the last term nobody is left to lose it, and that is said beside what publishing would count.
    const late = await server.post(`${PATH}?version=2&at=2027-11-30T00:00:00Z`, undefined);
    expect(late.json).to.include({ unchanged: 600, running: 0 });
    expect(late.json.today).to.include({ at: NOON, running: 400, lose: 200, lossShare: 200 / 600 });
    expect(late.json.warning).to.equal(
      'none of 600 members has a running term at 2027-11-30T00:00:00.000Z: only what everybody has was compared; judged now, as publishing judges, 200 of 600 members would lose something',
    );
  });

  it('says nothing of today where that is when it is judged, and warns of nothing where both say the same', async () => {
    const now = await server.post(`${PATH}?version=2&at=${NOON}`, undefined);
    expect(now.json).to.include({ lose: 200 }).and.to.not.have.any.keys('today', 'warning');
    const soon = await server.post(`${PATH}?version=2&at=2026-11-23T00:00:00Z`, undefined);
    expect(soon.json).to.include({ lose: 200 }).and.to.not.have.property('warning');
    expect(soon.json.today).to.include({ members: 600, lose: 200 });
  });

  it('sees what a version takes away that starts when all terms are over', async () => {
    const less = candidate(['starter: 15,', 'starter: 10,'], ['starter: 3,', 'starter: 2,']);
    const { json } = await server.send(
      'POST',
      `${PATH}?at=${NOON}`,
      less.replace('from: 2026-11-23', 'from: 2030-01-01'),
      YAML,
    );
    // Private models are at 10 by the version before it.
    expect(json).to.deep.include({ lose: 200, perks: { free_lora_training: { gain: 0, lose: 200 } } });
    expect(json).to.include({ at: NOON, startsAt: '2030-01-01T00:00:00.000Z' });
  });

  it('says what comes later of a change that waits for the next term', async () => {
    const waits = FOUR.replace('existingMembers: now ', 'existingMembers: nextTerm ').replace(
      'starter: 15,',
      'starter: 10,',
    );
    const { json } = await server.send('POST', PATH, waits, YAML);
    expect(json).to.include({ gain: 0, unchanged: 600 });
    expect(json.later).to.deep.include({ members: 600, gain: 200, lose: 0, unchanged: 400 });
  });

  it('refuses what it cannot judge', async () => {
    const refused = async (query: string, body?: string, headers = YAML) => {
      const { status, json } = await server.send('POST', `${PATH}${query}`, body, body === undefined ? {} : headers);
      return `${status} ${json.code}${json.field === undefined ? '' : ` ${json.field}`}`;
    };
    expect(await refused('')).to.equal('400 missing_field /version');
    expect(await refused('?version=1')).to.equal('400 invalid_field /version');
    expect(await refused('?version=9')).to.equal('404 unknown_version /version');
    expect(await refused('?version=2', FOUR)).to.equal('400 invalid_field /version');
    expect(await refused('?at=yesterday', FOUR)).to.equal('400 invalid_field /at');
    expect(await refused('', '{}', { 'Content-Type': 'application/json' })).to.equal('415 unsupported_media_type');
    expect((await server.post('/v1/rule-sets/nothing/impact?version=1', undefined)).json.code).to.equal(
      'unknown_rule_set',
    );
    const broken = await server.send('POST', PATH, FOUR.replace('kind: quota', 'kind: quotum'), YAML);
    expect(broken.status).to.equal(422);
    expect(broken.json.code).to.equal('invalid_rule_set');
    expect(broken.json.findings[0]).to.include.keys('code', 'line', 'column');
    const tierless = await server.send(
      'POST',
      PATH,
      FOUR.replaceAll(/, pro: [^}]*}/g, '}').replace('  pro: {title: Pro}\n', ''),
      YAML,
    );
    expect(tierless.status).to.equal(422);
  });

  it('tells of its progress in events, the result last', async () => {
    const { status, headers, text } = await server.send('POST', PATH, FOUR, { ...YAML, Accept: 'text/event-stream' });
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.equal('text/event-stream');
    const events = text
      .trimEnd()
      .split('\n\n')
      .map((each) => {
        const [, name, data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(each) ?? [];
        return { name, data: JSON.parse(data) };
      });
    expect(events.map(({ name }) => name)).to.include('progress');
    for (const { name, data } of events.slice(0, -1)) {
      expect(name).to.equal('progress');
      expect(data.total).to.equal(600);
    }
    expect(events.at(-1)?.name).to.equal('result');
    expect(events.at(-1)?.data).to.include({ members: 600, partial: false });
    const refused = await server.send('POST', PATH, 'no: rules', { ...YAML, Accept: 'text/event-stream' });
    expect(refused.status).to.equal(422);
  });

  it('measures one at a time, answers questions meanwhile, and stops for a caller who has gone', async () => {
    const leaving = new AbortController();
    const url = server.address + PATH;
    const init = { method: 'POST', headers: YAML, body: FOUR };
    const first = fetch(url, { ...init, signal: leaving.signal }).catch((error: Error) => error.name);
    // The request is on its way; what comes after it finds it running.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const order: string[] = [];
    const asked = server.post('/v1/decisions', SIX_LORAS).then(({ status }) => order.push(`decision ${status}`));
    const second = await server.send('POST', PATH, FOUR, YAML);
    expect(second.status).to.equal(429);
    expect(second.json.code).to.equal('impact_running');
    expect(Number(second.headers.get('retry-after'))).to.be.within(1, 60);
    void first.then(() => order.push('impact'));
    await asked;
    expect(order).to.deep.equal(['decision 200']);
    leaving.abort();
    expect(await first).to.equal('AbortError');
    let third = await server.send('POST', PATH, FOUR, YAML);
    for (let i = 0; i < 50 && third.status === 429; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      third = await server.send('POST', PATH, FOUR, YAML);
    }
    expect(third.status).to.equal(200);
    expect(third.json.members).to.equal(600);
  });

  it('leaves members and rules as they are', async () => {
    const etag = async () => (await server.get('/v1/members/u-0001')).headers.get('etag');
    const before = await etag();
    await server.send('POST', PATH, FOUR, YAML);
    expect(await etag()).to.equal(before);
    expect((await server.get('/v1/rule-sets/pixai-membership')).json.newest).to.equal(2);
    expect(NOON).to.equal((await server.get('/v1/clock')).json.now ?? NOON);
  });
});

describe('publishing where only so many may lose', () => {
  it('refuses above the share, and publishes where the caller accepts it', async () => {
    const rules = mkdtempSync(join(tmpdir(), 'perkbook-rules-'));
    cpSync(new URL('../../../../rules', import.meta.url), rules, { recursive: true });
    const server = await run({ rules, maxLoss: 0.01 });
    try {
      await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] });
      await server.send('PUT', '/v1/members/tom', { terms: [] });
      const body = candidate(['starter: 3,', 'starter: 2,']);
      const publish = (query: string) =>
        server.send('POST', `/v1/rule-sets/pixai-membership/versions?note=less${query}`, body, {
          ...YAML,
          'If-Match': '"1"',
        });
      const refused = await publish('');
      expect(refused.json).to.deep.include({ status: 409, code: 'loss_not_accepted' });
      expect(refused.json.loss).to.include({ members: 2, lose: 1, share: 0.5 });
      expect(refused.json.accept).to.equal('acceptLoss=0.5');
      expect((await publish('&acceptLoss=0.4')).status).to.equal(409);
      const far = await server.send(
        'POST',
        '/v1/rule-sets/pixai-membership/versions?note=less',
        body.replace('from: 2026-11-23', 'from: 2030-01-01'),
        { ...YAML, 'If-Match': '"1"' },
      );
      expect(far.json).to.include({ status: 409, code: 'loss_not_accepted' });
      // An impact, which looks at the day when it starts, says what the gate counts.
      const { json } = await server.send('POST', PATH, body.replace('from: 2026-11-23', 'from: 2030-01-01'), YAML);
      expect(json).to.include({ at: '2030-01-01T00:00:00.000Z', lose: 0, running: 0 });
      expect(json.today.lossShare).to.equal(far.json.loss.share);
      expect(json.warning).to.match(/; judged now, as publishing judges, 1 of 2 members would lose something$/);
      expect((await publish(`&${refused.json.accept}`)).status).to.equal(201);
    } finally {
      await server.close();
      rmSync(rules, { recursive: true, force: true });
    }
  });
});
