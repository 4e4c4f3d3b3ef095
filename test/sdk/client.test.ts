import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Perkbook } from '../../src/sdk/client.ts';
import { type Keyed, runWithKeys } from '../http/access/with-keys.ts';
import { type Running, run, SIX_LORAS, STARTER_TERM } from '../http/running.ts';
import { openLossyDoor } from '../stores/lossy-door.ts';
import { failureOf } from '../support/expecting.ts';

const TRAIN = { user: 'sam', action: 'lora.train_free' } as const;

describe('the client and a server', () => {
  let server: Running;
  let perkbook: Perkbook;

  before(async () => {
    server = await run();
  });
  beforeEach(async () => {
    await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM], usage: {}, holdings: { private_models: 12 } });
    perkbook = new Perkbook({ baseUrl: server.address });
  });
  afterEach(() => perkbook.close());
  after(() => server.close());

  it('asks, and gets the whole answer', async () => {
    const decision = await perkbook.may(SIX_LORAS);
    expect(decision).to.include({ decision: 'deny', tier: 'starter', unlockedBy: 'hobbyist', degraded: false });
    expect(decision.reason?.code).to.equal('limit_exceeded');
    expect(decision.values).to.deep.equal({ loras_per_generation: { asked: 6, limit: 5 } });
    const { json } = await server.post('/v1/decisions', SIX_LORAS);
    expect({ ...decision, id: json.id }).to.deep.equal(json);
  });

  it('asks for many at once', async () => {
    const users = Array.from({ length: 1_200 }, (_, i) => ({
      user: i % 2 === 0 ? 'sam' : `u-${i}`,
      action: 'generation.turbo',
    }));
    const decisions = await perkbook.mayAll(users);
    expect(decisions.map(({ user }) => user)).to.deep.equal(users.map(({ user }) => user));
    expect(decisions.filter(({ decision }) => decision === 'allow')).to.have.lengthOf(600);
  });

  it('uses up, sees it, and gives it back', async () => {
    const left = async () => {
      const { values } = await perkbook.may(TRAIN);
      return (values.free_lora_training as { readonly remaining: number }).remaining;
    };
    expect(await left()).to.equal(3);
    const job = `job-${Date.now()}`;
    expect(await perkbook.consume({ ...TRAIN, idempotencyKey: job })).to.include({ decision: 'allow', consumed: 1 });
    expect(await left()).to.equal(2);
    expect(await perkbook.consume({ ...TRAIN, idempotencyKey: job })).to.include({ replayed: true });
    expect(await perkbook.release({ user: 'sam', idempotencyKey: job })).to.include({
      released: 1,
      alreadyReleased: false,
    });
    expect(await left()).to.equal(3);
    expect(await perkbook.release({ user: 'sam', idempotencyKey: job })).to.include({ alreadyReleased: true });
  });

  it('uses up no more than there is, however many try at once', async () => {
    const attempts = Array.from({ length: 12 }, (_, i) => ({ ...TRAIN, idempotencyKey: `many-${i}` }));
    const consumed = await Promise.all(attempts.map((each) => perkbook.consume(each, { timeout: 10_000 })));
    expect(consumed.filter(({ decision }) => decision === 'allow')).to.have.lengthOf(3);
  });

  it('uses up once what it had to send again, because the answer was lost on its way', async () => {
    const door = await openLossyDoor(Number(new URL(server.address).port));
    const through = new Perkbook({ baseUrl: `http://127.0.0.1:${door.port}` });
    door.loseAnswersTo('/consume', 2);
    const consumed = await through.consume({ ...TRAIN, idempotencyKey: 'lost-on-its-way' });
    expect(door.lost).to.equal(2);
    expect(consumed).to.include({ consumed: 1, replayed: true });
    const { values } = await perkbook.may(TRAIN);
    expect(values.free_lora_training).to.include({ used: 1, remaining: 2 });
    await door.close();
  });

  it('reads what a user has, and what the end would leave', async () => {
    const { perks, actions, tier } = await perkbook.perks({ user: 'sam' });
    expect(tier).to.equal('starter');
    expect(perks.private_models?.values).to.deep.equal({ limit: 15, used: 12, remaining: 3 });
    expect(actions['generation.turbo']?.decision).to.equal('allow');
    const { endsAt, perks: after } = await perkbook.cancellationPreview({ user: 'sam' });
    expect(endsAt).to.equal(STARTER_TERM.endsAt);
    expect(after.private_models?.stays).to.include('12 private models stay');
    const before = { user: 'sam', at: '2026-01-02T00:00:00Z' };
    expect((await perkbook.perks(before, { allowAt: true })).tier).to.equal('free');
  });

  it('says what is wrong as the server does', async () => {
    const error = await failureOf(perkbook.may({ user: 'sam', action: 'generation.turbbo' }));
    expect(error).to.include({ status: 404, code: 'unknown_action', field: '/action', didYouMean: 'generation.turbo' });
    expect((error as { requestId?: string }).requestId).to.be.a('string');
    const many = [
      { user: 'sam', action: 'generation.turbo' },
      { user: 'sam', action: 'generation.turbbo' },
    ];
    expect(await failureOf(perkbook.mayAll(many))).to.include({ code: 'unknown_action', field: '/action' });
    expect(await failureOf(perkbook.release({ user: 'sam', idempotencyKey: 'never' }))).to.include({
      code: 'unknown_key',
    });
  });
});

describe('the client and a server that asks for keys', () => {
  let server: Keyed;
  before(async () => {
    server = await runWithKeys({ rateLimit: { requests: 3, perSeconds: 3 } });
  });
  after(() => server.close());

  const clientWith = (header: Readonly<Record<string, string>>) =>
    new Perkbook({ baseUrl: server.address, apiKey: header.Authorization?.slice('Bearer '.length), timeout: 5_000 });

  it('is known by its key, and may what the key may', async () => {
    const asking = clientWith(await server.key(['decide']));
    expect(await asking.may(SIX_LORAS, { orElse: 'allow' })).to.include({ decision: 'deny' });
    const consuming = asking.consume({ ...TRAIN, idempotencyKey: 'job-1' });
    expect(await failureOf(consuming)).to.include({ kind: 'problem', status: 403, code: 'forbidden' });
    const past = asking.may({ ...SIX_LORAS, at: '2026-01-02T00:00:00Z' }, { allowAt: true });
    expect(await failureOf(past)).to.include({ status: 403, field: '/at' });
  });

  it('is not let in by a fallback where the key is wrong or missing', async () => {
    for (const perkbook of [clientWith({}), clientWith({ Authorization: 'Bearer pk_wrong' })]) {
      expect(await failureOf(perkbook.may(SIX_LORAS, { orElse: 'allow' }))).to.include({ status: 401 });
    }
  });

  it('waits where it has asked too much, and gets its answer', async () => {
    const perkbook = clientWith(await server.key(['decide']));
    const begun = performance.now();
    for (let i = 0; i < 4; i++) {
      perkbook.forget();
      expect(await perkbook.may(SIX_LORAS)).to.include({ decision: 'deny' });
    }
    expect(performance.now() - begun).to.be.within(500, 4_000);
  });
});

describe('what the client is made of', () => {
  const sdk = fileURLToPath(new URL('../../src/sdk', import.meta.url));

  it('is itself alone: its modules import nothing at run time but each other', () => {
    const files = readdirSync(sdk, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
    expect(files.length).to.be.greaterThan(12);
    for (const file of files) {
      const text = readFileSync(join(sdk, file), 'utf8');
      for (const [, specifier = ''] of text.matchAll(
        /^\s*(?:(?:import|export)\b.*?from|.*\bimport\(|import)\s*["']([^"']+)["']/gm,
      )) {
        expect(specifier, file).to.match(/^\.\.?\/.*\.js$/);
        expect(resolve(sdk, file, '..', specifier).startsWith(sdk), `${file} imports ${specifier}`).to.equal(true);
      }
    }
  });
});
