import { expect } from 'chai';
import { PerkbookError } from '../../src/sdk/client.ts';
import { failureOf } from '../support/expecting.ts';
import { allowed, answering, catchRequests, client, pause, problem, TURBO } from './answering.ts';

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
