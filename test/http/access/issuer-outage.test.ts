import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type Got, type Running, run, SIX_LORAS } from '../running.ts';
import { AUDIENCE, type Issuer, issuer } from './issuer.ts';
import { bearer } from './with-keys.ts';

const MIB = 1_048_576;

describe('an issuer that does not give out its keys', () => {
  let from: Issuer;
  let server: Running;

  beforeEach(async () => {
    from = await issuer();
    const jwt = { issuer: from.url, audience: AUDIENCE, jwksUrl: from.jwksUrl };
    server = await run({ jwt }, () => {});
  });
  afterEach(async () => {
    await server.close();
    await from.close();
  });

  const ask = (token: string): Promise<Got> => server.post('/v1/decisions', SIX_LORAS, bearer(token));

  /** Needs no key and no signature: whoever can reach the server can make any number of them. */
  function madeUp(count: number): readonly string[] {
    const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url');
    return Array.from(
      { length: count },
      (_, i) => `${part({ alg: 'ES256', kid: `made-up-${i}` })}.${part({ i })}.AAAA`,
    );
  }

  async function statusesOf(tokens: readonly string[]): Promise<ReadonlySet<number>> {
    return new Set((await Promise.all(tokens.map(ask))).map(({ status }) => status));
  }

  it('is asked once in a while, however many tokens come, and answers again afterwards', async () => {
    from.publish(undefined);
    for (let i = 0; i < 5; i++) expect([...(await statusesOf(madeUp(10)))]).to.deep.equal([503]);
    expect(from.fetches()).to.equal(1);
    from.publish(from.keys);
    await sleep(5_100);
    expect((await ask(await from.token())).status).to.equal(200);
    expect(from.fetches()).to.equal(2);
  }).timeout(15_000);

  it('is asked as seldom where its keys are known, which go on', async () => {
    expect((await ask(await from.token())).status).to.equal(200);
    from.publish(undefined);
    await sleep(5_100);
    for (let i = 0; i < 5; i++) expect([...(await statusesOf(madeUp(10)))]).to.deep.equal([503]);
    expect(from.fetches()).to.equal(2);
    expect((await ask(await from.token({ jti: 'another' }))).status).to.equal(200);
  }).timeout(15_000);

  it('and hangs is waited for once, by all together', async () => {
    from.answerBy(() => {});
    const startedAt = performance.now();
    expect([...(await statusesOf(madeUp(10)))]).to.deep.equal([503]);
    expect(performance.now() - startedAt).to.be.within(2_500, 4_500);
    const waitedAt = performance.now();
    for (const token of madeUp(5)) expect((await ask(token)).status).to.equal(503);
    expect(performance.now() - waitedAt).to.be.lessThan(1_000);
    expect(from.fetches()).to.equal(1);
  }).timeout(15_000);

  it('is asked as seldom whatever it sends instead', async () => {
    const token = await from.token();
    for (const body of ['<!doctype html>', '{"keys": 1}', '{}', '']) {
      const other = await issuer();
      other.answerBy((_, response) => response.end(body));
      const jwt = { issuer: from.url, audience: AUDIENCE, jwksUrl: other.jwksUrl };
      const beside = await run({ jwt }, () => {});
      try {
        for (let i = 0; i < 3; i++)
          expect((await beside.post('/v1/decisions', SIX_LORAS, bearer(token))).json, body).to.include({ status: 503 });
        expect(other.fetches(), body).to.equal(1);
      } finally {
        await beside.close();
        await other.close();
      }
    }
  }).timeout(10_000);

  it('and sends without end is not read to the end', async () => {
    let sent = 0;
    from.answerBy((_, response) => {
      const chunk = Buffer.alloc(MIB / 4, ' ');
      const more = () => {
        while (!response.destroyed && sent < 256 * MIB) {
          sent += chunk.length;
          if (response.write(chunk)) continue;
          response.once('drain', more);
          return;
        }
      };
      more();
    });
    expect((await ask(await from.token())).json).to.include({ status: 503, code: 'keys_unreachable' });
    // Some of it is on its way when the reader goes.
    expect(sent).to.be.lessThan(64 * MIB);
  }).timeout(10_000);
});
