import { expect } from 'chai';
import { Reads } from '../../src/sdk/asking/reads.ts';
import { PerkbookError } from '../../src/sdk/client.ts';
import { settingsFrom } from '../../src/sdk/settings.ts';
import { failureOf } from '../support/expecting.ts';
import { allowed, answering, catchRequests, client, pause, problem, SERVER, TURBO } from './answering.ts';

const users = (count: number) => Array.from({ length: count }, (_, i) => ({ ...TURBO, user: `u-${i}` }));

describe('the same question under way', () => {
  catchRequests();

  it('is sent once, for all who ask it', async () => {
    const sent = answering(() => ({ delay: 30 }));
    const perkbook = client();
    const first = perkbook.may(TURBO);
    await pause(10);
    const [a, b, c] = await Promise.all([first, perkbook.may(TURBO), perkbook.may({ ...TURBO })]);
    expect(sent).to.have.lengthOf(1);
    expect([b, c]).to.deep.equal([a, a]);
  });

  it('goes on for the others when one of them gives up', async () => {
    const sent = answering(() => ({ delay: 60 }));
    const perkbook = client();
    const controller = new AbortController();
    const leaving = failureOf(perkbook.may(TURBO, { signal: controller.signal }));
    const impatient = failureOf(perkbook.may(TURBO, { timeout: 20 }));
    const staying = perkbook.may(TURBO);
    await pause(10);
    controller.abort(new Error('the page was left'));
    expect(await leaving).to.include({ kind: 'aborted' });
    expect(await impatient).to.include({ kind: 'timeout' });
    expect(await staying).to.include({ decision: 'allow' });
    expect(sent).to.have.lengthOf(1);
  });

  it('is called off when nobody waits any more, and asked anew for who comes then', async () => {
    const signals: AbortSignal[] = [];
    let decisions = 0;
    const perkbook = client({
      fetch: async (_url, { signal, body = '' }) => {
        signals.push(signal);
        await pause(30);
        decisions += 1;
        return new Response(JSON.stringify(allowed(JSON.parse(body))));
      },
    });
    const controller = new AbortController();
    const leaving = failureOf(perkbook.may(TURBO, { signal: controller.signal }));
    await pause(5);
    controller.abort();
    await leaving;
    expect(signals.map((signal) => signal.aborted)).to.deep.equal([true]);
    expect(await perkbook.may(TURBO)).to.include({ decision: 'allow' });
    expect(decisions).to.equal(2);
  });

  it('given up before it was sent, it does not drag along what is asked in the same turn', async () => {
    answering(() => ({}));
    const perkbook = client();
    const controller = new AbortController();
    const leaving = failureOf(perkbook.may(TURBO, { signal: controller.signal }));
    controller.abort();
    const staying = perkbook.may(TURBO);
    expect(await leaving).to.include({ kind: 'aborted' });
    expect(await staying).to.include({ decision: 'allow' });
  });
});

describe('the same read of a member under way', () => {
  catchRequests();

  const sam = { user: 'sam' };

  it('is sent once, for all who ask for it, and no one can change what the others get', async () => {
    const sent = answering(() => ({ delay: 30 }));
    const perkbook = client();
    const first = perkbook.perks(sam);
    await pause(10);
    const [a, b] = await Promise.all([first, perkbook.perks({ user: 'sam' })]);
    expect(a).to.equal(b);
    expect(a.perks).to.satisfy(Object.isFrozen);
    const [c, d] = await Promise.all([perkbook.cancellationPreview(sam), perkbook.cancellationPreview(sam)]);
    expect(c).to.equal(d);
    expect(sent.map(({ path }) => path)).to.deep.equal([
      '/v1/members/sam/perks',
      '/v1/members/sam/cancellation-preview',
    ]);
  });

  it('is another for another user, another instant and another question, and is not remembered', async () => {
    const sent = answering(() => ({ delay: 30 }));
    const perkbook = client();
    await Promise.all([
      perkbook.perks(sam),
      perkbook.perks({ user: 'ann' }),
      perkbook.perks({ user: 'sam', at: '2031-05-01T00:00:00Z' }, { allowAt: true }),
      perkbook.cancellationPreview(sam),
    ]);
    await perkbook.perks(sam);
    expect(sent).to.have.lengthOf(5);
  });

  it('goes on for the others when one gives up, and is called off with the last', async () => {
    const sent = answering(() => ({ delay: 60 }));
    const perkbook = client();
    const impatient = failureOf(perkbook.perks(sam, { timeout: 20 }));
    const staying = perkbook.perks(sam);
    expect(await impatient).to.include({ kind: 'timeout' });
    expect(await staying).to.include({ user: 'sam' });
    expect(sent).to.have.lengthOf(1);
    expect(await failureOf(perkbook.perks(sam, { timeout: 20 }))).to.include({ kind: 'timeout' });
    expect(await perkbook.perks(sam)).to.include({ user: 'sam' });
    expect(sent).to.have.lengthOf(3);
  });

  it('is one failure for all, and the next call asks again', async () => {
    const sent = answering((_, n) => (n === 0 ? problem(404, 'unknown_member') : {}));
    const perkbook = client();
    for (const error of await Promise.all([perkbook.perks(sam), perkbook.perks(sam)].map(failureOf)))
      expect(error).to.include({ code: 'unknown_member' });
    await perkbook.perks(sam);
    expect(sent).to.have.lengthOf(2);
  });

  it('from before a change is not shared after it: neither one of this client nor one that it was told of', async () => {
    const sent = answering((_, n) => (n === 1 ? problem(409, 'some_code') : { delay: 30 }));
    const perkbook = client();
    const before = perkbook.perks(sam);
    // Whether that was done is not known.
    await failureOf(perkbook.release({ user: 'sam', idempotencyKey: 'k' }));
    const after = perkbook.perks(sam);
    perkbook.forget('ann');
    const same = perkbook.perks(sam);
    perkbook.forget('sam');
    const later = perkbook.perks(sam);
    perkbook.forget();
    await Promise.all([before, after, same, later, perkbook.perks(sam)]);
    expect(sent.map(({ method }) => method)).to.deep.equal(['GET', 'POST', 'GET', 'GET', 'GET']);
  });

  it('from after a change is shared, also when the one from before has come', async () => {
    const sent = answering((_, n) => ({ delay: n === 0 ? 20 : 100 }));
    const perkbook = client();
    const before = perkbook.perks(sam);
    perkbook.forget('sam');
    const after = perkbook.perks(sam);
    await before;
    await Promise.all([after, perkbook.perks(sam)]);
    expect(sent).to.have.lengthOf(2);
  });

  it('leaves nothing behind, whatever came of it', async () => {
    answering((_, n) => (n === 1 ? { lost: true } : {}));
    const reads = new Reads(settingsFrom({ baseUrl: SERVER, retries: 0 }));
    for (const path of ['/v1/members/sam/perks', '/v1/members/ann/perks']) {
      const { answer } = reads.of('sam', path);
      expect(reads.size).to.equal(1);
      await answer.catch(() => undefined);
      expect(reads.size).to.equal(0);
    }
  });
});

describe('questions of the same turn', () => {
  catchRequests();

  it('go in one request, whoever asks them, and come back in order', async () => {
    const sent = answering(() => ({}));
    const perkbook = client();
    const [one, many] = await Promise.all([perkbook.may(TURBO), perkbook.mayAll(users(5)), perkbook.may(TURBO)]);
    expect(sent.map(({ path }) => path)).to.deep.equal(['/v1/decisions/batch']);
    expect(sent[0]?.body.questions).to.have.lengthOf(6);
    expect(one.user).to.equal('sam');
    expect(many.map(({ user }) => user)).to.deep.equal(['u-0', 'u-1', 'u-2', 'u-3', 'u-4']);
  });

  it('one alone is a single question', async () => {
    const sent = answering(() => ({}));
    await client().mayAll([TURBO, TURBO]);
    expect(sent.map(({ path }) => path)).to.deep.equal(['/v1/decisions']);
  });

  it('none is no request', async () => {
    const sent = answering(() => ({}));
    expect(await client().mayAll([])).to.deep.equal([]);
    expect(sent).to.have.lengthOf(0);
  });

  it('only those that are not remembered are sent', async () => {
    const sent = answering(() => ({}));
    const perkbook = client();
    await perkbook.mayAll(users(3));
    const decisions = await perkbook.mayAll(users(5));
    expect(sent[1]?.body.questions.map(({ user }: { user: string }) => user)).to.deep.equal(['u-3', 'u-4']);
    expect(decisions.map(({ user }) => user)).to.deep.equal(['u-0', 'u-1', 'u-2', 'u-3', 'u-4']);
  });

  it('more than 1,000 go in several requests', async () => {
    const sent = answering(() => ({}));
    const decisions = await client().mayAll(users(2_500));
    expect(sent.map(({ body }) => body.questions.length)).to.have.members([1000, 1000, 500]);
    expect(decisions.map(({ user }) => user)).to.deep.equal(users(2_500).map(({ user }) => user));
  });

  it('and so do few large ones, because a body has its bounds, too', async () => {
    const sent = answering(() => ({}));
    const large = users(10).map((each) => ({ ...each, context: { text: '€'.repeat(100_000) } }));
    await client().mayAll(large);
    const bytes = sent.map(({ body }) => Buffer.byteLength(JSON.stringify(body)));
    expect(Math.max(...bytes)).to.be.below(1_048_576);
    expect(sent.length).to.be.within(4, 5);
  });

  it('one that is not understood fails alone', async () => {
    const { body: error } = problem(404, 'unknown_action', 'no rule set has the action `turbo`');
    answering(({ body }) => ({ body: { decisions: [allowed(body.questions[0]), { error }] } }));
    const perkbook = client();
    const good = perkbook.may(TURBO);
    const bad = await failureOf(perkbook.may({ user: 'sam', action: 'turbo' }));
    expect(bad).to.be.instanceOf(PerkbookError);
    expect(bad).to.include({ kind: 'problem', status: 404, code: 'unknown_action' });
    expect(bad.message).to.equal('no rule set has the action `turbo`');
    expect(await good).to.include({ decision: 'allow' });
  });

  it('`mayAll` fails with the first that is not understood', async () => {
    const { body: error } = problem(404, 'unknown_action');
    answering(({ body }) => ({ body: { decisions: [allowed(body.questions[0]), { error }] } }));
    const failure = await failureOf(client().mayAll([TURBO, { user: 'sam', action: 'turbo' }], { orElse: 'allow' }));
    expect(failure).to.include({ code: 'unknown_action' });
  });

  it('a batch that comes back with another number of answers is no answer', async () => {
    answering(({ body }) => ({ body: { decisions: [allowed(body.questions[0])] } }));
    expect(await failureOf(client({ retries: 0 }).mayAll(users(2)))).to.include({ kind: 'network' });
  });

  it('one signal calls all of them off, with one listener', async () => {
    answering(() => ({ delay: 200 }));
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const controller = new AbortController();
    const failing = failureOf(client().mayAll(users(2_500), { signal: controller.signal }));
    await pause(30);
    controller.abort();
    expect(await failing).to.include({ kind: 'aborted' });
    await pause(10);
    process.off('warning', onWarning);
    expect(warnings).to.deep.equal([]);
  });
});
