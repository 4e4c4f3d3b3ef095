import { expect } from 'chai';
import { type Running, run, STARTER_TERM } from './running.ts';

describe('minRevision', () => {
  let server: Running;
  before(async () => {
    server = await run();
    await server.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] });
  });
  after(() => server.close());

  it('that the member has never had is no error: the answer is what the store holds', async () => {
    const TURBO = { user: 'sam', action: 'generation.turbo' };
    for (const minRevision of [0, 1, 99]) {
      const { status, json } = await server.post('/v1/decisions', { ...TURBO, minRevision });
      expect([status, json.decision, json.degraded], `${minRevision}`).to.deep.equal([200, 'allow', false]);
      const perks = await server.get(`/v1/members/sam/perks?minRevision=${minRevision}`);
      expect([perks.status, perks.json.tier]).to.deep.equal([200, 'starter']);
      const preview = await server.get(`/v1/members/sam/cancellation-preview?minRevision=${minRevision}`);
      expect(preview.status).to.equal(200);
    }
    await server.send('DELETE', '/v1/members/sam');
    const { json } = await server.post('/v1/decisions', { ...TURBO, minRevision: 1 });
    expect([json.decision, json.membership, json.degraded]).to.deep.equal(['deny', 'none', false]);
  });
});
