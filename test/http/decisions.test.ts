import { expect } from 'chai';
import { NOON, type Running, run, SIX_LORAS, STARTER_TERM } from './running.ts';

describe('decisions over HTTP', () => {
  let server: Running;
  before(async () => {
    server = await run();
    await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] });
  });
  after(() => server.close());

  it('answers a denial with 200, the reason, the numbers and what would unlock it', async () => {
    const { status, headers, json } = await server.post('/v1/decisions', SIX_LORAS);
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.equal('application/json');
    const { id, ruleSet, ...rest } = json;
    expect(id).to.match(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(ruleSet.id).to.equal('pixai-membership');
    expect(ruleSet.digest).to.match(/^sha256:[0-9a-f]{64}$/);
    expect(rest).to.deep.equal({
      decision: 'deny',
      user: 'sam',
      action: 'generation.create',
      at: NOON,
      tier: 'starter',
      membership: 'active',
      reason: {
        code: 'limit_exceeded',
        perk: 'loras_per_generation',
        message: 'This uses 6 LoRAs; your plan allows 5.',
      },
      values: { loras_per_generation: { asked: 6, limit: 5 } },
      unlockedBy: 'hobbyist',
      validUntil: STARTER_TERM.endsAt,
      degraded: false,
    });
  });

  it('answers an allow without a reason', async () => {
    const { json } = await server.post('/v1/decisions', { user: 'sam', action: 'generation.turbo' });
    expect(json.decision).to.equal('allow');
    expect(json).not.to.have.any.keys('reason', 'unlockedBy');
  });

  it('judges at the instant asked for', async () => {
    const { json } = await server.post('/v1/decisions', { ...SIX_LORAS, at: '2026-12-10T02:00:00+02:00' });
    expect(json).to.include({ at: STARTER_TERM.endsAt, membership: 'ended', tier: 'free' });
  });

  it('answers briefly where that is asked for', async () => {
    const { json } = await server.post('/v1/decisions', { ...SIX_LORAS, detail: 'brief' });
    expect(json).to.deep.equal({ decision: 'deny', code: 'limit_exceeded', validUntil: STARTER_TERM.endsAt });
  });

  it('gives every decision an id of its own, later ones behind earlier ones', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push((await server.post('/v1/decisions', SIX_LORAS)).json.id);
    expect(ids).to.deep.equal([...new Set(ids)].sort());
  });

  describe('in a batch', () => {
    it('come in the order of the questions, a question that is not understood as a problem in its place', async () => {
      const { status, json } = await server.post('/v1/decisions/batch', {
        questions: [
          SIX_LORAS,
          { ...SIX_LORAS, input: { loras: 6, width: 1024 } },
          { user: 'x', action: 'generation.turbo' },
        ],
      });
      expect(status).to.equal(200);
      expect(json.decisions).to.have.length(3);
      expect(json.decisions[0]).to.include({ decision: 'deny', user: 'sam' });
      expect(json.decisions[1]).to.have.all.keys('error');
      expect(json.decisions[1].error).to.include({ status: 400, code: 'missing_field', field: '/input/height' });
      expect(json.decisions[2]).to.include({ decision: 'deny', user: 'x' });
    });

    it('take `at` and `detail` of the batch, unless they say their own', async () => {
      const { json } = await server.post('/v1/decisions/batch', {
        at: STARTER_TERM.endsAt,
        detail: 'brief',
        questions: [SIX_LORAS, { ...SIX_LORAS, detail: 'full' }, { ...SIX_LORAS, at: NOON, detail: 'full' }],
      });
      expect(json.decisions[0]).to.have.all.keys('decision', 'code', 'validUntil');
      expect(json.decisions[1]).to.include({ at: STARTER_TERM.endsAt, tier: 'free' });
      expect(json.decisions[2]).to.include({ at: NOON, tier: 'starter' });
    });

    it('may be a thousand', async () => {
      const { status, json } = await server.post('/v1/decisions/batch', { questions: Array(1000).fill(SIX_LORAS) });
      expect(status).to.equal(200);
      expect(json.decisions).to.have.length(1000);
    });
  });

  it('are explained gate by gate', async () => {
    const { status, json } = await server.post('/v1/decisions/explain', SIX_LORAS);
    expect(status).to.equal(200);
    expect(json.decision).to.deep.include({ decision: 'deny', unlockedBy: 'hobbyist' });
    const denied = json.gates.find((gate: { readonly held: boolean }) => !gate.held);
    expect(denied).to.include({ code: 'limit_exceeded', perk: 'loras_per_generation' });
  });
});
