import { expect } from 'chai';
import { admission } from '../../src/http/admission/admission.ts';
import type { JwtTrust } from '../../src/http/admission/callers-by-jwt.ts';
import type { Deps } from '../../src/http/deps.ts';
import { createServer } from '../../src/http/server.ts';
import { openEmbeddedKeys } from '../../src/stores/keys/embedded-keys.ts';
import { LiveKeys } from '../../src/use-cases/keys/live-keys.ts';
import { KeyStoreUnreachable } from '../../src/use-cases/keys/ports.ts';
import { StoreUnreachable } from '../../src/use-cases/ports.ts';
import { removeTemporaryFolders, temporaryFolder } from '../stores/temporary.ts';
import { failureOf } from '../support/expecting.ts';
import { type Got, NOON, type Running, request, run } from './running.ts';

describe('health', () => {
  let server: Running;
  before(async () => {
    server = await run();
  });
  after(() => server.close());

  it('says that the process is alive', async () => {
    const { status, json } = await server.get('/healthz');
    expect([status, json]).to.deep.equal([200, { status: 'alive' }]);
  });

  it('says that it is ready, with which rules and which store', async () => {
    const { status, json } = await server.get('/readyz');
    expect(status).to.equal(200);
    expect(json).to.deep.include({ status: 'ready', store: 'ok' });
    expect(json.ruleSets[1]).to.include({ id: 'pixai-membership', version: 1 });
  });

  it('is not ready without rules, without a store, or with one that is silent; the findings are shown', async () => {
    const { rules, store } = server;
    const finding = {
      severity: 'error',
      code: 'tab',
      message: 'a tab',
      file: 'v2.yaml',
      line: 3,
      column: 1,
      path: '',
    } as const;
    const noRules = await readyOf({
      rules: { book: { ruleSets: new Map(), ruleSetsOf: new Map() }, findings: [finding] },
    });
    expect([noRules.status, noRules.json.status, noRules.json.findings]).to.deep.equal([503, 'not_ready', [finding]]);
    expect(noRules.headers.get('retry-after')).to.equal('1');
    const down = await readyOf({
      rules,
      store: { ...store, ping: () => Promise.reject(new StoreUnreachable('down')) },
    });
    expect([down.status, down.json.store]).to.deep.equal([503, 'unreachable']);
    const silent = await readyOf({ rules, store: { ...store, ping: () => new Promise(() => {}) } });
    expect([silent.status, silent.json.store]).to.deep.equal([503, 'unreachable']);
  }).timeout(10_000);

  it('is ready while the keys of before are believed, and then only where an issuer’s tokens let somebody in', async () => {
    let elapsed = 0;
    let isAway = false;
    const kept = await openEmbeddedKeys(await temporaryFolder());
    const list = () => (isAway ? Promise.reject(new KeyStoreUnreachable('away')) : kept.list());
    const keys = await LiveKeys.open({ ...kept, list }, { elapsed: () => elapsed, now: () => Date.parse(NOON) });
    const readyWith = (jwt: JwtTrust | undefined) => {
      const door = admission({ keys, jwt, isLocal: true, limit: undefined, origins: new Set() });
      const deps = { admit: door.admit, letsIn: () => door.letsIn, apiKeys: { store: kept, live: keys } };
      return readyOf({ rules: server.rules, ...deps });
    };
    const issuer = { issuer: 'https://login.example/', audience: 'perkbook', jwksUrl: 'https://login.example/jwks' };
    const shown = async (jwt?: JwtTrust) => {
      const { status, json } = await readyWith(jwt);
      return [status, json.status, json.keysUnreadSince];
    };
    try {
      expect(await shown()).to.deep.equal([200, 'ready', undefined]);
      isAway = true;
      await failureOf(keys.look());
      expect(await shown()).to.deep.equal([200, 'ready', NOON]);
      elapsed = 11 * 60_000;
      expect(await shown()).to.deep.equal([503, 'not_ready', NOON]);
      expect(await shown(issuer)).to.deep.equal([200, 'ready', NOON]);
      isAway = false;
      await keys.look();
      expect(await shown()).to.deep.equal([200, 'ready', undefined]);
    } finally {
      await keys.close();
      await removeTemporaryFolders();
    }
  });

  it('has no clock to set unless it was started with one', async () => {
    const real = await run({ testClock: undefined });
    try {
      for (const method of ['GET', 'PUT']) {
        const { json } = await real.send(
          method,
          '/v1/clock',
          method === 'PUT' ? { now: '2026-01-01T00:00:00Z' } : undefined,
        );
        expect(json).to.include({ status: 404, code: 'unknown_path' });
      }
    } finally {
      await real.close();
    }
  });

  async function readyOf(other: Partial<Deps>): Promise<Got> {
    return withServer(server, other, (url) => request(`${url}/readyz`, 'GET'));
  }
});

describe('what goes wrong inside', () => {
  let server: Running;
  before(async () => {
    server = await run();
  });
  after(() => server.close());

  it('is a 500 that says nothing, and one line in the log with the request id', async () => {
    const lines: Readonly<Record<string, unknown>>[] = [];
    const broken = { ...server.store, get: () => Promise.reject(new Error('secret of the house')) };
    const got = await withServer(server, { store: broken, log: (line) => lines.push(line) }, (url) =>
      request(`${url}/v1/members/sam`, 'GET', undefined, { 'X-Request-Id': 'req-1' }),
    );
    expect(got.json).to.include({ status: 500, code: 'internal_error' });
    expect(got.text).not.to.match(/secret|\.[jt]s/);
    expect(got.headers.get('x-request-id')).to.equal('req-1');
    expect(lines).to.have.length(1);
    expect(lines[0]).to.include({ level: 'error', requestId: 'req-1', message: 'secret of the house' });
  });

  it('is a 503 with `Retry-After` where the store cannot be reached, and a degraded answer to a question', async () => {
    const down = () => Promise.reject(new StoreUnreachable('down'));
    const deps = {
      store: { ...server.store, get: down, update: down, list: down, page: down },
      facts: { read: () => ({ state: 'unreachable' as const }) },
    };
    await withServer(server, deps, async (url) => {
      const consumed = await request(`${url}/v1/members/sam/consume`, 'POST', {
        action: 'lora.train_free',
        idempotencyKey: 'a',
      });
      expect(consumed.json).to.include({ status: 503, code: 'facts_unreachable' });
      expect(consumed.headers.get('retry-after')).to.equal('1');
      expect((await request(`${url}/v1/members`, 'GET')).status).to.equal(503);
      const decided = await request(`${url}/v1/decisions`, 'POST', { user: 'sam', action: 'lora.train_free' });
      expect(decided.json).to.deep.include({ decision: 'deny', membership: 'unknown', tier: null, degraded: true });
      expect(decided.json.reason.code).to.equal('facts_unavailable');
    });
  });
});

/** A server on the rules and the store of another one, with some parts replaced. */
async function withServer<T>(base: Running, other: Partial<Deps>, use: (url: string) => Promise<T>): Promise<T> {
  const { rules, store, clock } = base;
  const facts: Deps['facts'] = { read: () => ({ state: 'fresh', member: undefined }) };
  const { server, stop } = createServer({ rules, store, facts, clock, log: () => {}, ...other });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    return await use(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  } finally {
    await stop();
  }
}
