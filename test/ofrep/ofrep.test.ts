import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ANYBODY } from '../../src/domain/caller.ts';
import { Problem } from '../../src/domain/problem.ts';
import type { Deps } from '../../src/http/deps.ts';
import { createServer } from '../../src/http/server.ts';
import { Meters } from '../../src/wiring/meters.ts';
import { NOON, type Running, request, run, STARTER_TERM } from '../http/running.ts';

const ALL = '/ofrep/v1/evaluate/flags';
const forUser = (targetingKey: unknown) => ({ context: { targetingKey } });

describe('OFREP', () => {
  let server: Running;
  before(async () => {
    server = await run();
    await server.send('PUT', '/v1/members/sam', {
      terms: [STARTER_TERM],
      usage: { free_lora_training: [{ at: '2026-11-20T00:00:00Z' }, { at: '2026-11-21T00:00:00Z' }] },
      holdings: { private_models: 15 },
    });
  });
  after(() => server.close());

  const flag = async (key: string, user = 'sam') => (await server.post(`${ALL}/${key}`, forUser(user))).json;

  describe('one flag', () => {
    it('is true or false for a switch', async () => {
      expect(await flag('turbo_mode')).to.deep.equal({
        key: 'turbo_mode',
        value: true,
        reason: 'TARGETING_MATCH',
        metadata: {
          ruleSet: 'pixai-membership',
          version: 1,
          kind: 'switch',
          tier: 'starter',
          membership: 'active',
          degraded: false,
          validUntil: STARTER_TERM.endsAt,
        },
      });
      expect(await flag('turbo_mode', 'nobody')).to.deep.equal({
        key: 'turbo_mode',
        value: false,
        reason: 'DEFAULT',
        metadata: {
          ruleSet: 'pixai-membership',
          version: 1,
          kind: 'switch',
          tier: 'free',
          membership: 'none',
          degraded: false,
          reasonCode: 'not_in_plan',
        },
      });
    });

    it('is the number of the plan for a limit, a quota, slots and a grant, with what is left beside it', async () => {
      const limit = await flag('loras_per_generation');
      expect(limit.value).to.equal(5);
      // Nothing was asked for that could be too much.
      expect(limit.metadata).to.not.have.property('reasonCode');
      const quota = await flag('free_lora_training');
      expect(quota.value).to.equal(3);
      expect(quota.metadata).to.include({ used: 2, remaining: 1, resetsAt: STARTER_TERM.endsAt });
      const slots = await flag('private_models');
      expect(slots.value).to.equal(15);
      expect(slots.metadata).to.include({ used: 15, remaining: 0, reasonCode: 'slots_full' });
      const grant = await flag('monthly_credits');
      expect(grant.value).to.equal(300_000);
      expect(grant.metadata).to.include({ claimed: false });
    });

    it('is an object for a limit of several measures and for a table', async () => {
      expect((await flag('image_size', 'nobody')).value).to.deep.equal({ width: 1280, height: 1280 });
      expect((await flag('topup_bonus')).value).to.deep.equal({ 5: 50_000, 10: 100_000, 30: 300_000 });
    });

    it('is a number that every client writes exactly where there is no limit, and says so', async () => {
      const { value, metadata } = await flag('image_size');
      expect(value).to.deep.equal({ width: 9_007_199_254_740_991, height: 9_007_199_254_740_991 });
      expect(metadata.unlimited).to.equal(true);
      expect((await flag('image_size', 'nobody')).metadata).to.not.have.property('unlimited');
    });

    it('names the measures without a limit where others have one', async () => {
      await withRules('free: {width: 1280, height: 1280}', 'free: {width: 1280, height: unlimited}', async (other) => {
        const { json } = await other.post(`${ALL}/image_size`, forUser('nobody'));
        expect(json.value).to.deep.equal({ width: 1280, height: 9_007_199_254_740_991 });
        expect(json.metadata).to.include({ unlimitedMeasures: 'height' }).and.not.have.property('unlimited');
      });
    });

    it('counts an extra as the member’s own', async () => {
      const extras = [{ perk: 'free_lora_training', amount: 2, until: '2026-11-30T00:00:00.000Z' }];
      await server.send('PUT', '/v1/members/guest', { extras });
      const { value, reason, metadata } = await flag('free_lora_training', 'guest');
      expect([value, reason]).to.deep.equal([2, 'TARGETING_MATCH']);
      expect(metadata).to.include({ remaining: 2, validUntil: '2026-11-30T00:00:00.000Z' });
    });

    it('is found under a key that comes percent-encoded', async () => {
      expect((await flag('turbo%5Fmode')).key).to.equal('turbo_mode');
    });

    it('does not depend on what else the context claims', async () => {
      const claims = { targetingKey: 'nobody', tier: 'pro', membership: 'active', at: '2020-01-01T00:00:00Z' };
      const { status, json } = await server.post(`${ALL}/turbo_mode`, { context: claims, more: [1] });
      expect([status, json.value]).to.deep.equal([200, false]);
    });

    it('gives nothing to who is not known, where the rule file wants users to be known', async () => {
      await withRules('unknownUser: asFree', 'unknownUser: deny', async (other) => {
        const { json } = await other.post(`${ALL}/loras_per_generation`, forUser('nobody'));
        expect([json.value, json.metadata.reasonCode]).to.deep.equal([0, 'unknown_user']);
        await other.send('PUT', '/v1/members/known', {});
        const { json: known } = await other.post(`${ALL}/loras_per_generation`, forUser('known'));
        expect(known.value).to.equal(3);
      });
    });

    it('has flat metadata only', async () => {
      const { json } = await server.post(ALL, forUser('sam'));
      for (const { metadata } of [...json.flags, json]) {
        for (const value of Object.values(metadata)) expect(typeof value).to.be.oneOf(['string', 'number', 'boolean']);
      }
    });
  });

  describe('all flags', () => {
    it('are every perk of the rule file in its order, and what is true of all of them', async () => {
      const { status, json } = await server.post(ALL, forUser('sam'));
      expect(status).to.equal(200);
      const { json: perks } = await server.get('/v1/members/sam/perks');
      expect(json.flags.map(({ key }: { key: string }) => key)).to.deep.equal(Object.keys(perks.perks));
      expect(json.metadata).to.deep.equal({
        ruleSet: 'pixai-membership',
        version: 1,
        tier: 'starter',
        membership: 'active',
        // Tomorrow's credits are the first that change.
        validUntil: '2026-11-23T00:00:00.000Z',
        degraded: false,
      });
    });

    it('are not sent again to who has them, however the tag is written', async () => {
      const first = await server.post(ALL, forUser('sam'));
      const tag = first.headers.get('etag') ?? '';
      expect(tag).to.match(/^"[\w-]{20,}"$/);
      for (const known of [tag, `W/${tag}`, `"other", ${tag}`]) {
        const again = await server.post(ALL, forUser('sam'), { 'If-None-Match': known });
        expect([again.status, again.text, again.headers.get('etag')], known).to.deep.equal([304, '', tag]);
      }
      const other = await server.post(ALL, forUser('sam'), { 'If-None-Match': '"other"' });
      expect(other.status).to.equal(200);
      expect(await tagOf('nobody')).to.not.equal(tag);
    });

    it('have the same tag later, and another once anything of them is different: used, or ended by itself', async () => {
      await server.send('PUT', '/v1/members/tia', { terms: [STARTER_TERM] });
      const before = await tagOf('tia');
      await server.send('PUT', '/v1/clock', { now: '2026-11-22T18:00:00Z' });
      expect(await tagOf('tia')).to.equal(before);
      await server.post('/v1/members/tia/consume', { action: 'lora.train_free', idempotencyKey: 'a' });
      const used = await tagOf('tia');
      expect(used).to.not.equal(before);
      await server.send('PUT', '/v1/clock', { now: STARTER_TERM.endsAt });
      const { status, json } = await server.post(ALL, forUser('tia'), { 'If-None-Match': used });
      expect(status).to.equal(200);
      const turbo = json.flags.find(({ key }: { key: string }) => key === 'turbo_mode');
      expect(turbo).to.deep.include({ value: false });
      expect(turbo.metadata).to.include({ membership: 'ended', reasonCode: 'membership_ended' });
      await server.send('PUT', '/v1/clock', { now: '2026-11-22T12:00:00Z' });
    });

    const tagOf = async (user: string) => (await server.post(ALL, forUser(user))).headers.get('etag') ?? '';
  });

  describe('refuses', () => {
    const WRONG: readonly {
      readonly what: string;
      readonly body: unknown;
      readonly headers?: Readonly<Record<string, string>>;
      readonly errorCode: string;
      readonly details: RegExp;
    }[] = [
      { what: 'a body that is no JSON', body: '{"context"', errorCode: 'PARSE_ERROR', details: /not valid JSON/ },
      { what: 'no body', body: '', errorCode: 'PARSE_ERROR', details: /empty/ },
      { what: 'a list', body: [], errorCode: 'PARSE_ERROR', details: /must be an object/ },
      {
        what: 'a text',
        body: 'x',
        headers: { 'Content-Type': 'text/plain' },
        errorCode: 'PARSE_ERROR',
        details: /text\/plain/,
      },
      { what: 'no context', body: {}, errorCode: 'TARGETING_KEY_MISSING', details: /`context.targetingKey`/ },
      { what: 'no key', body: { context: {} }, errorCode: 'TARGETING_KEY_MISSING', details: /the id of the user/ },
      { what: 'an empty key', body: forUser(''), errorCode: 'TARGETING_KEY_MISSING', details: /required/ },
      { what: 'a context that is none', body: { context: 'sam' }, errorCode: 'INVALID_CONTEXT', details: /`context`/ },
      { what: 'a number as key', body: forUser(17), errorCode: 'INVALID_CONTEXT', details: /text of 1 to 256/ },
      { what: 'a key too long', body: forUser('x'.repeat(257)), errorCode: 'INVALID_CONTEXT', details: /257/ },
      { what: 'a control character', body: forUser('a\u0000'), errorCode: 'INVALID_CONTEXT', details: /control/ },
    ];

    for (const { what, body, headers, errorCode, details } of WRONG) {
      it(`${what}, for one flag and for all`, async () => {
        const one = await server.post(`${ALL}/turbo_mode`, body, headers);
        expect(one.status).to.equal(400);
        expect(one.json).to.include({ key: 'turbo_mode', errorCode });
        expect(one.json.errorDetails).to.match(details);
        const all = await server.post(ALL, body, headers);
        expect(all.status).to.equal(400);
        expect(all.json).to.deep.equal({ errorCode, errorDetails: one.json.errorDetails });
      });
    }

    it('a flag that is not there, and says which was probably meant', async () => {
      const { status, json } = await server.post(`${ALL}/turbo_mod%20%2F`, forUser('sam'));
      expect(status).to.equal(404);
      expect(json).to.include({ key: 'turbo_mod /', errorCode: 'FLAG_NOT_FOUND' });
      expect((await flag('turbo-mode')).errorDetails).to.match(/did you mean `turbo_mode`\?/);
      // Nothing that objects have of themselves is a perk.
      expect((await flag('constructor')).errorCode).to.equal('FLAG_NOT_FOUND');
    });

    it('a key that is no percent-encoding, in the form of the protocol', async () => {
      const { status, json } = await server.post(`${ALL}/%zz`, forUser('sam'));
      expect(status).to.equal(400);
      expect(json).to.include({ key: '%zz', errorCode: 'PARSE_ERROR' });
      expect(json.errorDetails).to.include('`%`');
    });

    it('another method, and has no `/ofrep/v1/configuration`: version 0.2 of the protocol took it out', async () => {
      expect((await server.get(ALL)).status).to.equal(405);
      expect((await server.get('/ofrep/v1/configuration')).status).to.equal(404);
    });

    it('a caller who speaks for other rule sets only, or asks too much, in the form of the protocol', async () => {
      const stranger = { ...ANYBODY, id: 'key-1', ruleSets: new Set(['documents']) };
      await withServer({ admit: () => stranger }, async (url) => {
        const { status, json } = await request(`${url}${ALL}/turbo_mode`, 'POST', forUser('sam'));
        expect(status).to.equal(403);
        expect(json).to.include({ key: 'turbo_mode', errorCode: 'GENERAL' });
        expect(json.errorDetails).to.equal('`key-1` does not speak for a rule set that has tiers');
      });
      const weak = { ...ANYBODY, scopes: new Set(['consume' as const]) };
      await withServer({ admit: () => weak }, async (url) => {
        expect((await request(url + ALL, 'POST', forUser('sam'))).status).to.equal(403);
      });
      const tired = () => {
        throw new Problem('too_many_requests', 'not so fast', { retryAfter: 7 });
      };
      await withServer({ admit: tired }, async (url) => {
        const { status, headers, json } = await request(url + ALL, 'POST', forUser('sam'));
        expect([status, headers.get('retry-after'), json.errorCode]).to.deep.equal([429, '7', 'GENERAL']);
      });
    });

    it('nobody’s secrets: what nobody expected is a 500 that says nothing of its cause', async () => {
      const broken = () => {
        throw new Error('secret of the house');
      };
      await withServer({ facts: { read: broken } }, async (url) => {
        const { status, json, text } = await request(`${url}${ALL}/turbo_mode`, 'POST', forUser('sam'));
        expect(status).to.equal(500);
        expect(json).to.include({ key: 'turbo_mode', errorCode: 'GENERAL' });
        expect(text).to.not.include('secret');
      });
    });
  });

  describe('while the facts cannot be read', () => {
    const unreachable: Partial<Deps> = { facts: { read: () => ({ state: 'unreachable' }) } };

    it('goes by `whenFactsUnavailable`, and says so', async () => {
      await withServer(unreachable, async (url) => {
        const { status, json } = await request(url + ALL, 'POST', forUser('sam'));
        expect(status).to.equal(200);
        expect(json.metadata).to.include({ membership: 'unknown', degraded: true });
        const values = Object.fromEntries(
          json.flags.map(({ key, value }: { key: string; value: unknown }) => [key, value]),
        );
        expect(values).to.include({ turbo_mode: true, early_access: false, free_lora_training: 0, daily_credits: 0 });
        expect(values.image_size).to.deep.equal({ width: 0, height: 0 });
        expect(values.topup_bonus).to.deep.equal({ 5: 0, 10: 0, 30: 0 });
        const { json: one } = await request(`${url}${ALL}/early_access`, 'POST', forUser('sam'));
        expect(one).to.deep.include({ value: false, reason: 'UNKNOWN' });
        expect(one.metadata).to.deep.equal({
          ruleSet: 'pixai-membership',
          version: 1,
          kind: 'switch',
          membership: 'unknown',
          degraded: true,
          reasonCode: 'facts_unavailable',
        });
      });
    });

    it('has no number for a perk that is allowed then: the caller’s own default counts', async () => {
      const meters = new Meters();
      await withRules('kind: quota', 'kind: quota\n    whenFactsUnavailable: allow', (other) =>
        withServer(
          { ...unreachable, onFlag: meters.onFlag },
          async (url) => {
            const { status, json } = await request(`${url}${ALL}/free_lora_training`, 'POST', forUser('sam'));
            expect(status).to.equal(500);
            expect(json).to.include({ key: 'free_lora_training', errorCode: 'GENERAL' });
            const { json: all } = await request(url + ALL, 'POST', forUser('sam'));
            expect(all.flags.filter((each: object) => 'errorCode' in each)).to.deep.equal([json]);
          },
          other,
        ),
      );
      const failed = [...meters.flags].filter(([, , reason]) => reason === 'ERROR');
      expect(failed).to.deep.equal([['pixai-membership', 'free_lora_training', 'ERROR', 2]]);
    });

    it('marks what old facts say, and does not say until when it holds', async () => {
      const facts: Deps['facts'] = { read: () => ({ state: 'stale', member: undefined }) };
      await withServer({ facts }, async (url) => {
        const { json } = await request(`${url}${ALL}/daily_credits`, 'POST', forUser('sam'));
        expect(json.metadata).to.include({ degraded: true }).and.not.have.property('validUntil');
      });
    });

    it('sends nothing again to who has it, while nothing changes but the time', async () => {
      const stale: Partial<Deps> = { facts: { read: () => ({ state: 'stale', member: undefined }) } };
      for (const [what, deps] of Object.entries({ unreachable, stale })) {
        let now = Date.parse(NOON);
        await withServer({ ...deps, clock: { now: () => now } }, async (url) => {
          const first = await request(url + ALL, 'POST', forUser('sam'));
          const headers = { 'If-None-Match': first.headers.get('etag') ?? '' };
          now += 2000;
          expect((await request(url + ALL, 'POST', forUser('sam'), headers)).status, what).to.equal(304);
          now += 86_400_000;
          const status = what === 'stale' ? 200 : 304;
          expect((await request(url + ALL, 'POST', forUser('sam'), headers)).status, `${what}: resetsAt`).to.equal(
            status,
          );
        });
      }
    });
  });

  /** A server on the rules of this project with one change. */
  async function withRules(from: string, to: string, use: (other: Running) => Promise<void>): Promise<void> {
    const { text } = await server.get('/v1/rule-sets/pixai-membership/versions/1', { Accept: 'application/yaml' });
    const rules = mkdtempSync(join(tmpdir(), 'perkbook-ofrep-'));
    mkdirSync(join(rules, 'pixai-membership'));
    writeFileSync(join(rules, 'pixai-membership/v1.yaml'), text.replace(from, to));
    const other = await run({ rules }, () => {});
    try {
      await use(other);
    } finally {
      await other.close();
      rmSync(rules, { recursive: true, force: true });
    }
  }

  /** A server on the rules and the store of another one, with some parts replaced. */
  async function withServer(other: Partial<Deps>, use: (url: string) => Promise<void>, base = server): Promise<void> {
    const { rules, store, clock } = base;
    const facts: Deps['facts'] = { read: () => ({ state: 'fresh', member: undefined }) };
    const { server: http, stop } = createServer({ rules, store, facts, clock, log: () => {}, ...other });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const address = http.address();
    try {
      await use(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
    } finally {
      await stop();
    }
  }
});
