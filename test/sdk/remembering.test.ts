import { expect } from 'chai';
import { Perkbook } from '../../src/sdk/client.ts';
import { allowed, answering, catchRequests, client, LATER, pause, SERVER, TURBO } from './answering.ts';

describe('what the client remembers', () => {
  catchRequests();

  it('asks once for the same question, however its parts are ordered', async () => {
    const sent = answering(() => ({}));
    const perkbook = client();
    const first = await perkbook.may({ ...TURBO, input: { a: 1, b: { c: 2, d: 3 } } });
    const second = await perkbook.may({ input: { b: { d: 3, c: 2 }, a: 1 }, ...TURBO });
    expect(second).to.equal(first);
    expect(sent).to.have.lengthOf(1);
    await perkbook.may({ ...TURBO, input: { a: 1, b: { c: 2, d: 4 } } });
    await perkbook.may({ ...TURBO, user: 'ann', input: { a: 1, b: { c: 2, d: 3 } } });
    expect(sent).to.have.lengthOf(3);
  });

  it('until `validUntil`, by the clock of the server', async () => {
    const sent = answering(({ body }) => ({ body: allowed(body, { validUntil: LATER(400) }) }));
    const perkbook = client();
    await perkbook.may(TURBO);
    await perkbook.may(TURBO);
    expect(sent).to.have.lengthOf(1);
    await pause(430);
    await perkbook.may(TURBO);
    expect(sent).to.have.lengthOf(2);
  });

  it('counts the life of an answer from before it was asked for, so that a slow one is not used too long', async () => {
    const sent = answering(({ body }) => ({ body: allowed(body, { validUntil: LATER(150) }), delay: 120 }));
    const perkbook = client();
    await perkbook.may(TURBO);
    await pause(60);
    await perkbook.may(TURBO);
    expect(sent).to.have.lengthOf(2);
  });

  it('at most for `maxAge`, also where nothing else ends it', async () => {
    for (const validUntil of [LATER(86_400_000), null]) {
      const sent = answering(({ body }) => ({ body: allowed(body, { validUntil }) }));
      const perkbook = client({ maxAge: 400 });
      await perkbook.may(TURBO);
      await perkbook.may(TURBO);
      expect(sent).to.have.lengthOf(1);
      await pause(430);
      await perkbook.may(TURBO);
      expect(sent).to.have.lengthOf(2);
    }
  });

  it('for 30 seconds where nothing is said', async () => {
    const sent = answering(({ body }) => ({ body: allowed(body, { validUntil: null }) }));
    const perkbook = client();
    const { now } = performance;
    const wall = Date.now;
    let ahead = 0;
    performance.now = () => now.call(performance) + ahead;
    try {
      await perkbook.may(TURBO);
      ahead = 29_000;
      await perkbook.may(TURBO);
      expect(sent).to.have.lengthOf(1);
      ahead = 30_001;
      await perkbook.may(TURBO);
      expect(sent).to.have.lengthOf(2);
      // A machine that slept: only the other clock has gone on.
      Date.now = () => wall() + 30_001;
      await perkbook.may(TURBO);
      expect(sent).to.have.lengthOf(3);
      // Set back: the monotonic clock still counts.
      Date.now = () => wall() - 86_400_000;
      await perkbook.may(TURBO);
      expect(sent).to.have.lengthOf(3);
      ahead = 70_000;
      await perkbook.may(TURBO);
      expect(sent).to.have.lengthOf(4);
    } finally {
      performance.now = now;
      Date.now = wall;
    }
  });

  it('nothing with `maxAge: 0`, nor with `maxRemembered: 0`', async () => {
    for (const options of [{ maxAge: 0 }, { maxRemembered: 0 }]) {
      const sent = answering(() => ({}));
      const perkbook = client(options);
      await perkbook.may(TURBO);
      await perkbook.may(TURBO);
      expect(sent).to.have.lengthOf(2);
    }
  });

  it('never an answer that is degraded, or does not say that it is not, or holds no longer', async () => {
    const answers = [
      { degraded: true },
      { at: 'yesterday' },
      { validUntil: LATER(0) },
      { validUntil: LATER(-5000) },
      { validUntil: 'soon' },
    ];
    for (const fields of answers) {
      const sent = answering(({ body }) => ({ body: allowed(body, fields) }));
      const perkbook = client();
      await perkbook.may(TURBO);
      await perkbook.may(TURBO);
      expect(sent, JSON.stringify(fields)).to.have.lengthOf(2);
    }
    const sent = answering(() => ({ body: { decision: 'allow', code: null, validUntil: null } }));
    const perkbook = client();
    await perkbook.may(TURBO);
    await perkbook.may(TURBO);
    expect(sent).to.have.lengthOf(2);
  });

  it('so many and no more: the least recently asked for goes', async () => {
    const sent = answering(() => ({}));
    const perkbook = client({ maxRemembered: 2 });
    const ask = (user: string) => perkbook.may({ ...TURBO, user });
    await ask('a');
    await ask('b');
    await ask('a');
    await ask('c');
    expect(sent.map(({ body }) => body.user)).to.deep.equal(['a', 'b', 'c']);
    await ask('a');
    expect(sent).to.have.lengthOf(3);
    await ask('b');
    expect(sent).to.have.lengthOf(4);
  });

  it('nobody can change it', async () => {
    answering(() => ({}));
    const perkbook = client();
    const decision = (await perkbook.may(TURBO)) as unknown as {
      decision: string;
      values: { turbo_mode: { included: boolean } };
    };
    expect(() => {
      decision.decision = 'deny';
    }).to.throw(TypeError);
    expect(() => {
      decision.values.turbo_mode.included = false;
    }).to.throw(TypeError);
  });

  it('a consume and a release by this client drop what is remembered of their user, and of nobody else', async () => {
    for (const change of ['consume', 'release'] as const) {
      const sent = answering(() => ({}));
      const perkbook = client();
      await perkbook.mayAll([TURBO, { ...TURBO, user: 'ann' }]);
      if (change === 'consume')
        await perkbook.consume({ user: 'sam', action: 'lora.train_free', idempotencyKey: 'job-1' });
      else await perkbook.release({ user: 'sam', idempotencyKey: 'job-1' });
      await perkbook.may({ ...TURBO, user: 'ann' });
      expect(sent).to.have.lengthOf(2);
      await perkbook.may(TURBO);
      expect(sent).to.have.lengthOf(3);
    }
  });

  it('also a consume that nobody knows the outcome of', async () => {
    const sent = answering(({ path }) => (path.endsWith('/consume') ? { lost: true } : {}));
    const perkbook = client({ retries: 0 });
    await perkbook.may(TURBO);
    await perkbook.consume({ user: 'sam', action: 'lora.train_free', idempotencyKey: 'job-1' }).catch(() => undefined);
    await perkbook.may(TURBO);
    expect(sent).to.have.lengthOf(3);
  });

  it('an answer that was under way during a consume is neither shared nor remembered afterwards', async () => {
    const sent = answering(({ path }) => ({ delay: path.endsWith('/consume') ? 10 : 200 }));
    const perkbook = client();
    const before = perkbook.may(TURBO);
    await perkbook.consume({ user: 'sam', action: 'lora.train_free', idempotencyKey: 'job-1' });
    const after = perkbook.may(TURBO);
    await Promise.all([before, after]);
    expect(sent).to.have.lengthOf(3);

    const late = perkbook.may({ ...TURBO, amount: 2 });
    await perkbook.consume({ user: 'sam', action: 'lora.train_free', idempotencyKey: 'job-2' });
    await late;
    await perkbook.may({ ...TURBO, amount: 2 });
    expect(sent).to.have.lengthOf(6);
    await perkbook.may({ ...TURBO, amount: 2 });
    expect(sent).to.have.lengthOf(6);
  });

  it('reads its own writes: what it asks afterwards must not be answered from older facts', async () => {
    const sent = answering(() => ({}));
    const perkbook = client();
    await perkbook.may(TURBO);
    expect(sent[0]?.body).to.not.have.property('minRevision');
    await perkbook.consume({ user: 'sam', action: 'lora.train_free', idempotencyKey: 'job-1' });
    await perkbook.may(TURBO);
    expect(sent[2]?.body).to.deep.equal({ ...TURBO, minRevision: 7 });
    await perkbook.perks({ user: 'sam' });
    expect(sent[3]?.path).to.equal('/v1/members/sam/perks?minRevision=7');
    await perkbook.may({ ...TURBO, minRevision: 9 });
    expect(sent[4]?.body.minRevision).to.equal(9);
    await perkbook.mayAll([
      { ...TURBO, minRevision: 3 },
      { ...TURBO, user: 'ann' },
    ]);
    expect(sent[5]?.body.questions).to.deep.equal([
      { ...TURBO, minRevision: 7 },
      { ...TURBO, user: 'ann' },
    ]);
  });

  it('`forget` drops a user, or everybody', async () => {
    const sent = answering(() => ({}));
    const perkbook = client();
    const ann = { ...TURBO, user: 'ann' };
    await perkbook.mayAll([TURBO, ann]);
    perkbook.forget('sam');
    await perkbook.may(ann);
    expect(sent).to.have.lengthOf(1);
    await perkbook.may(TURBO);
    expect(sent).to.have.lengthOf(2);
    perkbook.forget();
    await perkbook.mayAll([TURBO, ann]);
    expect(sent).to.have.lengthOf(3);
  });
});

describe('another instant than now', () => {
  catchRequests();

  it('is never forwarded unless the call says so', async () => {
    const sent = answering(() => ({}));
    const perkbook = new Perkbook({ baseUrl: SERVER });
    const at = '2026-01-01T00:00:00Z';
    const calls = [
      () => perkbook.may({ ...TURBO, at }),
      () => perkbook.mayAll([TURBO, { ...TURBO, at }]),
      () => perkbook.consume({ ...TURBO, at, idempotencyKey: 'k' }),
      () => perkbook.perks({ user: 'sam', at }),
      () => perkbook.cancellationPreview({ user: 'sam', at }),
    ];
    for (const call of calls) {
      const error = await call().catch((thrown: unknown) => thrown);
      expect(error).to.include({ name: 'PerkbookError', kind: 'misuse' });
      expect((error as Error).message).to.include('`allowAt: true`');
    }
    expect(sent).to.have.lengthOf(0);

    await perkbook.may({ ...TURBO, at }, { allowAt: true });
    expect(sent[0]?.body.at).to.equal(at);
    await perkbook.perks({ user: 'sam', at }, { allowAt: true });
    expect(sent[1]?.path).to.equal('/v1/members/sam/perks?at=2026-01-01T00%3A00%3A00Z');
  });

  it('is not remembered, and does not stand in for now', async () => {
    const sent = answering(() => ({}));
    const perkbook = client();
    const then = { ...TURBO, at: '2026-01-01T00:00:00Z' };
    await perkbook.may(then, { allowAt: true });
    await perkbook.may(then, { allowAt: true });
    await perkbook.may(TURBO);
    expect(sent.map(({ body }) => body.at)).to.deep.equal([then.at, then.at, undefined]);
  });
});
