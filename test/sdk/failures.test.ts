import { expect } from 'chai';
import { Perkbook, PerkbookError, type PerkbookOptions } from '../../src/sdk/client.ts';
import { failureOf, until } from '../support/expecting.ts';
import { allowed, answering, catchRequests, client, pause, problem, SERVER, TURBO } from './answering.ts';

describe('when no decision comes', () => {
  catchRequests();

  it('the error is the problem, with what the caller can do about it', async () => {
    const { status, body } = problem(400, 'missing_field', '`generation.create` needs `input.loras`');
    answering(() => ({
      status,
      body: { ...body, field: '/input/loras', didYouMean: 'loras' },
      headers: { 'X-Request-Id': 'r-17' },
    }));
    const error = await failureOf(client().may(TURBO));
    expect(error).to.be.instanceOf(PerkbookError);
    expect(error).to.include({
      kind: 'problem',
      status: 400,
      code: 'missing_field',
      field: '/input/loras',
      didYouMean: 'loras',
      requestId: 'r-17',
      message: '`generation.create` needs `input.loras`; did you mean `loras`?',
      detail: '`generation.create` needs `input.loras`',
      isOutage: false,
    });
  });

  it('is there in time, whatever the server does', async () => {
    answering(() => ({ delay: 3_000 }));
    const begun = performance.now();
    const error = await failureOf(client({ timeout: 100 }).may(TURBO));
    expect(error).to.include({ kind: 'timeout', isOutage: true });
    expect(await failureOf(client().consume({ ...TURBO, idempotencyKey: 'k' }, { timeout: 50 }))).to.include({
      kind: 'timeout',
    });
    expect(performance.now() - begun).to.be.below(1_500);
  });

  it('the time-out covers all attempts', async () => {
    const sent = answering(() => ({ ...problem(503, 'busy'), delay: 80 }));
    const begun = performance.now();
    const error = await failureOf(client({ timeout: 150, retries: 10 }).may(TURBO));
    expect((error as PerkbookError).isOutage).to.equal(true);
    expect(performance.now() - begun).to.be.below(1_500);
    expect(sent.length).to.be.within(1, 3);
  });

  it('2 seconds where nothing is said', async () => {
    answering(() => ({ delay: 3_000 }));
    const begun = performance.now();
    expect(await failureOf(client().may(TURBO))).to.include({ kind: 'timeout', message: 'no answer within 2000 ms' });
    expect(performance.now() - begun).to.be.within(1_990, 2_900);
  });

  it('an abort says why, before and while the request is under way', async () => {
    const sent = answering(() => ({ delay: 200 }));
    const why = new Error('the page was left');
    const early = await failureOf(client().may(TURBO, { signal: AbortSignal.abort(why) }));
    expect(early).to.include({ kind: 'aborted', cause: why });
    expect(sent).to.have.lengthOf(0);
    const controller = new AbortController();
    const calls = [
      client().may(TURBO, { signal: controller.signal, orElse: 'allow' }),
      client().consume({ ...TURBO, idempotencyKey: 'k' }, { signal: controller.signal }),
      client().perks({ user: 'sam' }, { signal: controller.signal }),
    ].map(failureOf);
    await pause(20);
    controller.abort(why);
    for (const error of await Promise.all(calls)) expect(error).to.include({ kind: 'aborted', cause: why });
  });

  it('what is no answer of Perkbook is none', async () => {
    for (const body of ['<html>', '', 'null', '[]', '"allow"', '{"decision":"al', { decision: 'maybe' }, {}]) {
      answering(() => ({ body }));
      const error = await failureOf(client({ retries: 0 }).may(TURBO));
      expect(error, JSON.stringify(body)).to.include({ kind: 'network', status: 200, isOutage: false });
    }
  });

  it('a page that is not there is on another server', async () => {
    for (const body of ['<html>not here', { error: 'not here' }]) {
      answering(() => ({ status: 404, body }));
      expect(await failureOf(client().may(TURBO))).to.include({
        status: 404,
        message: `\`${SERVER}\` answered with status 404, and not as Perkbook would: is the address right?`,
      });
    }
  });

  it('follows nobody elsewhere, and takes the key nowhere', async () => {
    const sent = answering((_, n) => (n === 0 ? { status: 307, headers: { Location: 'http://elsewhere.test/' } } : {}));
    const error = await failureOf(client({ apiKey: 'pk_1' }).may(TURBO, { orElse: 'allow' }));
    expect(error).to.include({ kind: 'problem', status: 307 });
    expect(error.message).to.include('`http://elsewhere.test/`');
    expect(sent).to.have.lengthOf(1);
  });
});

describe('`orElse`', () => {
  catchRequests();

  const outages: readonly (readonly [string, Parameters<typeof answering>[0]])[] = [
    ['a lost connection', () => ({ lost: true })],
    ['a server that is away', () => problem(503, 'facts_unreachable')],
    ['a server that is busy', () => problem(429, 'too_many_requests')],
    ['a server that fails', () => problem(500, 'internal_error')],
    ['a server that is silent', () => ({ delay: 500 })],
  ];
  for (const [what, reply] of outages) {
    it(`decides with ${what}, and says so`, async () => {
      const sent = answering(reply);
      const perkbook = client({ timeout: 100, retries: 0 });
      for (const orElse of ['allow', 'deny'] as const) {
        const decision = await perkbook.may(TURBO, { orElse });
        expect(decision).to.include({ decision: orElse, fallback: true, degraded: true, validUntil: null, ...TURBO });
        const message = 'Whether this is allowed could not be checked.';
        expect(decision.reason).to.deep.equal({ code: 'client_fallback', message });
        expect(decision.fallback === true && decision.error).to.be.instanceOf(PerkbookError);
      }
      // Not remembered either.
      expect(sent).to.have.lengthOf(2);
      expect(await failureOf(perkbook.may(TURBO))).to.be.instanceOf(PerkbookError);
    });
  }

  it('never for what is wrong with the question, or with who asks', async () => {
    for (const status of [400, 401, 403, 404, 413, 415, 422]) {
      answering(() => problem(status, 'some_code'));
      expect(await failureOf(client().may(TURBO, { orElse: 'allow' }))).to.include({ kind: 'problem', status });
    }
    // Where a wrong key is told to wait, it would be wrong again.
    const headers = { 'Retry-After': '0' };
    const refusals = answering(() => ({ ...problem(429, 'too_many_wrong_keys'), headers }));
    expect(await failureOf(client().may(TURBO, { orElse: 'allow' }))).to.include({ status: 429, isOutage: false });
    expect(refusals).to.have.lengthOf(1);
    expect(await failureOf(client().may({ ...TURBO, at: 'x' }, { orElse: 'allow' }))).to.include({ kind: 'misuse' });
    // Who answers so is not Perkbook: the address is wrong, and would be wrong again.
    for (const body of ['<html>', { decision: 'maybe' }]) {
      answering(() => ({ body }));
      expect(await failureOf(client().may(TURBO, { orElse: 'allow' }))).to.include({ kind: 'network', status: 200 });
      expect(await failureOf(client().mayAll([TURBO, { ...TURBO, user: 'ann' }], { orElse: 'allow' }))).to.include({
        status: 200,
      });
    }
    const typo = { orElse: 'alow' } as unknown as { orElse: 'allow' };
    expect((await failureOf(client().may(TURBO, typo))).message)
      .to.include('`orElse`')
      .and.include('`alow`');
  });

  it('in a batch, only for those that did not come', async () => {
    const { body: error } = problem(503, 'facts_unreachable');
    answering(({ body }, n) =>
      n === 0 ? {} : { body: { decisions: [allowed(body.questions[0]), { error }] }, delay: n === 2 ? 500 : 0 },
    );
    const perkbook = client({ timeout: 100 });
    const [sam, ann, ben] = [TURBO, { ...TURBO, user: 'ann' }, { ...TURBO, user: 'ben' }] as const;
    await perkbook.may(sam);
    const some = await perkbook.mayAll([sam, ann, ben], { orElse: 'deny' });
    expect(some.map(({ decision, fallback }) => [decision, fallback])).to.deep.equal([
      ['allow', undefined],
      ['allow', undefined],
      ['deny', true],
    ]);
    perkbook.forget('ann');
    const late = await perkbook.mayAll([sam, ann, ben], { orElse: 'deny' });
    expect(late.map(({ decision, fallback }) => [decision, fallback])).to.deep.equal([
      ['allow', undefined],
      ['deny', true],
      ['deny', true],
    ]);
  });
});

describe('how a client is made', () => {
  catchRequests();

  it('with the key as a bearer, or with what gives one', async () => {
    const sent = answering(() => ({}));
    await client({ apiKey: 'pk_secret' }).may(TURBO);
    let n = 0;
    const rotating = client({ apiKey: async () => `token-${++n}`, maxAge: 0 });
    await rotating.may(TURBO);
    await rotating.may(TURBO);
    await client().may(TURBO);
    expect(sent.map(({ headers }) => headers.authorization)).to.deep.equal([
      'Bearer pk_secret',
      'Bearer token-1',
      'Bearer token-2',
      undefined,
    ]);
  });

  it('a key that cannot be had is no outage, and never `Bearer undefined`', async () => {
    const sent = answering(() => ({}));
    const noKeys = [() => Promise.reject(new Error('the vault is sealed')), (() => undefined) as () => never];
    for (const apiKey of noKeys) {
      const error = await failureOf(client({ apiKey }).may(TURBO, { orElse: 'allow' }));
      expect(error).to.include({ kind: 'misuse', isOutage: false });
      expect(error.message).to.match(/^`apiKey` gave no key: (?:the vault is sealed|`apiKey` must be a text)/);
    }
    expect(sent).to.have.lengthOf(0);
  });

  it('with the `fetch` of the caller', async () => {
    const asked: string[] = [];
    const perkbook = new Perkbook({
      baseUrl: 'https://perkbook.example/inner/',
      fetch: async (url, { body = '' }) => {
        asked.push(url);
        return new Response(JSON.stringify(allowed(JSON.parse(body))));
      },
    });
    expect(await perkbook.may(TURBO)).to.include({ decision: 'allow' });
    expect(asked).to.deep.equal(['https://perkbook.example/inner/v1/decisions']);
  });

  it('not with what cannot be meant, and a key is not shown', () => {
    const wrong: readonly (readonly [string, Partial<Record<keyof PerkbookOptions, unknown>>])[] = [
      ['baseUrl', { baseUrl: 'perkbook.example' }],
      ['baseUrl', { baseUrl: undefined }],
      ['/v1', { baseUrl: 'https://perkbook.example/inner/v1/' }],
      ['onOutage', { onOutage: console }],
      ['baseUrl', { baseUrl: 'ftp://perkbook.example' }],
      ['baseUrl', { baseUrl: 'https://me:secret-word@perkbook.example' }],
      ['apiKey', { apiKey: '' }],
      ['apiKey', { apiKey: 'secret-word \n' }],
      ['timeout', { timeout: 0 }],
      ['timeout', { timeout: Number.NaN }],
      ['timeout', { timeout: '2000' }],
      ['attemptTimeout', { attemptTimeout: 0 }],
      ['attemptTimeout', { attemptTimeout: null }],
      ['retries', { retries: -1 }],
      ['maxAge', { maxAge: Number.POSITIVE_INFINITY }],
      ['maxRemembered', { maxRemembered: -1 }],
    ];
    for (const [name, options] of wrong) {
      const make = () => new Perkbook({ baseUrl: SERVER, ...options } as PerkbookOptions);
      expect(make, JSON.stringify(options)).to.throw(PerkbookError, `\`${name}\``);
      expect(make).to.not.throw(/secret-word/);
    }
  });

  it('without `/v1`, which it says itself', () => {
    expect(() => client({ baseUrl: 'http://127.0.0.1:18080/v1' })).to.throw(
      'leave `/v1` out of `baseUrl`: write `http://127.0.0.1:18080`',
    );
  });

  it('users that cannot stand in a path are refused before anything is sent', async () => {
    const sent = answering(() => ({}));
    for (const user of ['', '.', '..', '\ud800', undefined, 17]) {
      const about = { user: user as string };
      expect(await failureOf(client().perks(about)), String(user)).to.include({ kind: 'misuse' });
      expect(await failureOf(client().consume({ ...TURBO, ...about, idempotencyKey: 'k' }))).to.include({
        kind: 'misuse',
      });
    }
    expect(sent).to.have.lengthOf(0);
    await client().perks({ user: 'a/b?c=d&e#f ü' });
    expect(sent[0]?.path).to.equal('/v1/members/a%2Fb%3Fc%3Dd%26e%23f%20%C3%BC/perks');
  });

  it('closed, it calls off what is under way and asks nothing more', async () => {
    const sent = answering(() => ({ delay: 200 }));
    const perkbook = client();
    const calls = [perkbook.may(TURBO), perkbook.perks({ user: 'sam' })].map(failureOf);
    await until(() => sent.length === 2);
    perkbook.close();
    for (const error of await Promise.all(calls)) expect(error).to.include({ kind: 'aborted' });
    expect(await failureOf(perkbook.may(TURBO, { orElse: 'allow' }))).to.include({ kind: 'misuse' });
    expect(sent).to.have.lengthOf(2);
  });
});
