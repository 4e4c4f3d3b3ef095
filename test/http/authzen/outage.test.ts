import { expect } from 'chai';
import type { Deps } from '../../../src/http/deps.ts';
import { createServer } from '../../../src/http/server.ts';
import { StoreUnreachable } from '../../../src/use-cases/ports.ts';
import { type Running, request, run, STARTER_TERM } from '../running.ts';
import { document, EVALUATION, may, RULES, user } from './asking.ts';

const SEARCH = '/access/v1/search/';

describe('AuthZEN while the facts about members', () => {
  let base: Running;

  before(async () => {
    base = await run();
    await base.send('PUT', '/v1/members/sam', { terms: [STARTER_TERM] });
  });
  after(() => base.close());

  /** Asks a server on the same rules, some of whose parts are others. */
  async function ask(other: Partial<Deps>, path: string, body: object) {
    const { rules, store, clock } = base;
    const facts: Deps['facts'] = { read: () => ({ state: 'fresh', member: undefined }) };
    const { server, stop } = createServer({ rules, store, facts, clock, log: () => {}, ...other });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    try {
      return await request(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}${path}`, 'POST', body);
    } finally {
      await stop();
    }
  }

  const down: Partial<Deps> = { facts: { read: () => ({ state: 'unreachable' }) } };
  const READ = may(user('sam'), 'document.read', document('handbook'));
  const TURBO = may(user('sam'), 'generation.turbo', RULES);

  it('cannot be read, answers evaluations as the rule file says, marked', async () => {
    const { status, json } = await ask(down, EVALUATION, TURBO);
    expect([status, json.decision, json.context.degraded]).to.deep.equal([200, true, true]);
    const training = await ask(down, EVALUATION, may(user('sam'), 'lora.train_free', RULES));
    expect([training.json.decision, training.json.context.reason.code]).to.deep.equal([false, 'facts_unavailable']);
  });

  it('cannot be read, never says of a search that nothing was found', async () => {
    const store = { ...base.store, page: () => Promise.reject(new StoreUnreachable('down')) };
    for (const searched of ['subject', 'resource', 'action']) {
      const got = await ask({ ...down, store }, SEARCH + searched, READ);
      expect([got.status, got.json.code], searched).to.deep.equal([503, 'facts_unreachable']);
      expect(Number(got.headers.get('retry-after'))).to.be.greaterThan(0);
    }
  });

  it('are stale, says so of what it finds', async () => {
    const member = await base.store.get('sam');
    const stale: Partial<Deps> = { facts: { read: () => ({ state: 'stale', member }) } };
    const { json } = await ask(stale, `${SEARCH}action`, READ);
    expect(json).to.deep.include({ results: [{ name: 'document.read' }], context: { degraded: true } });
  });

  it('are stale, says so also where nobody is known whom it could find something for', async () => {
    const stale: Partial<Deps> = { facts: { read: () => ({ state: 'stale', member: undefined }) } };
    for (const [searched, body] of [
      ['action', READ],
      ['resource', READ],
      ['resource', may(user('sam'), 'generation.turbo', { type: 'ruleSet' })],
    ] as const) {
      const { status, json } = await ask(stale, SEARCH + searched, body);
      expect([status, json.results, json.context], searched).to.deep.equal([200, [], { degraded: true }]);
    }
    const fresh = await ask({}, `${SEARCH}action`, READ);
    expect(fresh.json).to.deep.include({ results: [] }).and.not.have.property('context');
  });

  it('are in part from a newer version, names those of whom nothing is known', async () => {
    const page: Deps['store']['page'] = async (after, limits) => ({
      ...(await base.store.page(after, limits)),
      unreadable: ['zora'],
    });
    const { json } = await ask({ store: { ...base.store, page } }, `${SEARCH}subject`, READ);
    expect(json.results).to.deep.equal([user('sam')]);
    expect(json.context).to.deep.equal({ unreadable: ['zora'] });
  });
});
