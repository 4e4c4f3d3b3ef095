import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { type Running, run, SIX_LORAS, STARTER_TERM } from '../running.ts';

const V1 = readFileSync(new URL('../../../../rules/pixai-membership/v1.yaml', import.meta.url), 'utf8');
const PATH = '/v1/rule-sets/pixai-membership/shadow';
const YAML = { 'Content-Type': 'application/yaml' };
const SIX = V1.replace('starter: 5,', 'starter: 6,');

describe('a candidate that judges beside', () => {
  let server: Running;
  beforeEach(async () => {
    server = await run();
    await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] });
  });
  afterEach(() => server.close());

  /** Waits until so many questions have been judged. */
  async function reported(judged: number) {
    for (let i = 0; ; i++) {
      const { json } = await server.get(PATH);
      if (json.judged >= judged || i === 100) return json;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  it('counts what it would answer differently, and changes no answer', async () => {
    const { id: _, ...plain } = (await server.post('/v1/decisions', SIX_LORAS)).json;
    const put = await server.send('PUT', PATH, SIX, YAML);
    expect(put.status).to.equal(200);
    expect(put.json).to.include({ judged: 0, same: 0, different: 0, dropped: 0, sample: 1 });

    const { id: __, ...shadowed } = (await server.post('/v1/decisions', SIX_LORAS)).json;
    expect(shadowed).to.deep.equal(plain);
    await server.post('/v1/decisions', { user: 'sam', action: 'generation.turbo' });
    const five = { ...SIX_LORAS, input: { ...SIX_LORAS.input, loras: 5 } };
    await server.post('/v1/decisions/batch', { questions: [five, SIX_LORAS] });
    const report = await reported(4);
    expect(report).to.deep.include({
      judged: 4,
      same: 1,
      different: 3,
      failed: 0,
      dropped: 0,
      waiting: 0,
      actions: { 'generation.create': { denyToAllow: 2, values: 1 } },
    });
    expect(report.examples[0]).to.deep.include({
      user: 'sam',
      action: 'generation.create',
      input: SIX_LORAS.input,
      at: '2026-11-22T12:00:00.000Z',
      difference: 'denyToAllow',
    });
    expect(report.examples[0].live).to.include({ decision: 'deny' });
    expect(report.examples[0].candidate).to.deep.include({
      decision: 'allow',
      values: {
        loras_per_generation: { asked: 6, limit: 6 },
        image_size: { asked: { width: 1024, height: 1024 }, limit: { width: null, height: null } },
      },
    });
  });

  it('is gone when it is taken away', async () => {
    expect((await server.get(PATH)).json).to.include({ status: 404, code: 'unknown_shadow' });
    await server.send('PUT', PATH, SIX, YAML);
    expect((await server.send('DELETE', PATH)).status).to.equal(204);
    await server.post('/v1/decisions', SIX_LORAS);
    expect((await server.get(PATH)).status).to.equal(404);
    expect((await server.send('DELETE', PATH)).status).to.equal(404);
  });

  it('takes a share of the questions, and no file with errors', async () => {
    await server.send('PUT', `${PATH}?sample=0`, SIX, YAML);
    await server.post('/v1/decisions', SIX_LORAS);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await server.get(PATH)).json).to.include({ sample: 0, judged: 0, waiting: 0, dropped: 0 });
    for (const share of [1 / 3, 1.175494351e-38, 1e-7, 1]) {
      expect((await server.send('PUT', `${PATH}?sample=${share}`, SIX, YAML)).json.sample).to.equal(share);
    }
    for (const wrong of ['2', '1.0000000000000002', '-0.1', '', '.5', '0x1', 'NaN', '1e-']) {
      expect((await server.send('PUT', `${PATH}?sample=${wrong}`, SIX, YAML)).status, wrong).to.equal(400);
    }
    const broken = await server.send('PUT', PATH, 'no: rules', YAML);
    expect(broken.json).to.include({ status: 422, code: 'invalid_rule_set' });
    expect((await server.send('PUT', '/v1/rule-sets/nothing/shadow', SIX, YAML)).status).to.equal(404);
  });
});
