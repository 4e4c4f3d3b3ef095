import { expect } from 'chai';
import { membership, runPublishing } from '../rule-sets/publishing.ts';
import { NOON, type Running, run, SIX_LORAS, STARTER_TERM } from './running.ts';

const CONSUME = '/v1/members/sam/consume';
const train = (idempotencyKey: string, more: object = {}) => ({ action: 'lora.train_free', idempotencyKey, ...more });

describe('consume over HTTP', () => {
  let server: Running;
  beforeEach(async () => {
    server = await run();
    await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] });
  });
  afterEach(() => server.close());

  it('answers with the values before and after, and the revision', async () => {
    const { status, json } = await server.post(CONSUME, train('a'));
    expect(status).to.equal(200);
    expect(json).to.include({ decision: 'allow', consumed: 1, revision: 2 });
    expect(json.values.free_lora_training).to.include({ used: 0, remaining: 3 });
    expect(json.after.free_lora_training).to.include({ used: 1, remaining: 2 });
    expect(json).not.to.have.property('replayed');
  });

  it('answers the same key with the same answer, once recorded', async () => {
    const first = (await server.post(CONSUME, train('a'))).json;
    const again = (await server.post(CONSUME, train('a'))).json;
    expect(again).to.deep.equal({ ...first, replayed: true });
    expect((await server.get('/v1/members/sam')).json.usage.free_lora_training).to.have.length(1);
  });

  it('denies what is more than is left, and records nothing', async () => {
    const { json } = await server.post(CONSUME, train('a', { amount: 4 }));
    expect(json).to.deep.include({ decision: 'deny', consumed: 0 });
    expect(json.reason.code).to.equal('quota_used_up');
    expect((await server.get('/v1/members/sam')).json.usage).to.deep.equal({});
  });

  it('refuses a key that was used for something else with 409, and one that was released', async () => {
    await server.post(CONSUME, train('a'));
    expect((await server.post(CONSUME, train('a', { amount: 2 }))).json).to.include({
      status: 409,
      code: 'key_reused',
    });
    const released = await server.post('/v1/members/sam/release', { idempotencyKey: 'a' });
    expect(released.json).to.include({ released: 1, alreadyReleased: false });
    expect((await server.post('/v1/members/sam/release', { idempotencyKey: 'a' })).json.alreadyReleased).to.equal(true);
    expect((await server.post(CONSUME, train('a'))).json).to.include({ status: 409, code: 'key_released' });
    expect((await server.get('/v1/members/sam/perks')).json.perks.free_lora_training.values.remaining).to.equal(3);
  });

  it('answers the same key with the same answer, whatever is published or rolled back in between', async () => {
    const live = await runPublishing();
    try {
      const loras = 'loras: {title: LoRAs, type: integer, minimum: 0}';
      const changed = (number: number, input: string) =>
        membership(number, 3).replace(loras, `${loras}\n      upscale: ${input}`);
      await live.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] });
      const { user: _sam, ...create } = SIX_LORAS;
      const body = { ...create, input: { ...create.input, loras: 1 }, idempotencyKey: 'k' };
      const first = (await live.post(CONSUME, body)).json;
      const again = async (what: string) =>
        expect((await live.post(CONSUME, body)).json, what).to.deep.equal({ ...first, replayed: true });
      for (const [number, input] of [
        [2, '{type: boolean, default: false}'],
        [3, '{type: boolean}'],
      ] as const) {
        const published = await live.publish(changed(number, input), number - 1);
        expect(published.status, published.text).to.equal(201);
        await again(input);
      }
      const back = await live.post('/v1/rule-sets/pixai-membership/rollback', { to: 2, note: 'back' });
      expect(back.status, back.text).to.equal(201);
      await again('rolled back');
    } finally {
      await live.close();
    }
  });

  it('never gives more than there is to callers that race', async () => {
    const answers = await Promise.all(Array.from({ length: 32 }, (_, i) => server.post(CONSUME, train(`k${i}`))));
    expect(answers.filter(({ json }) => json.decision === 'allow')).to.have.length(3);
  });

  it('takes `at` only while a test clock runs', async () => {
    expect((await server.post(CONSUME, train('a', { at: NOON }))).status).to.equal(200);
    const real = await run({ testClock: undefined });
    try {
      const { json } = await real.post(CONSUME, train('a', { at: NOON }));
      expect(json).to.include({ status: 400, code: 'invalid_field', field: '/at' });
    } finally {
      await real.close();
    }
  });

  it('follows the test clock, forwards and backwards', async () => {
    const limit = async () => (await server.get('/v1/members/sam/perks')).json.membership;
    expect(await limit()).to.equal('active');
    for (const [now, membership] of [
      [STARTER_TERM.endsAt, 'ended'],
      ['2026-11-09T00:00:00.000Z', 'upcoming'],
    ]) {
      const { status, json } = await server.send('PUT', '/v1/clock', { now });
      expect([status, json]).to.deep.equal([200, { now }]);
      expect((await server.get('/v1/clock')).json).to.deep.equal({ now });
      expect(await limit()).to.equal(membership);
    }
  });
});
