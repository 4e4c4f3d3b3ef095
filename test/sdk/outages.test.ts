import { expect } from 'chai';
import type { PerkbookError, PerkbookOptions } from '../../src/sdk/client.ts';
import { judge } from '../../src/sdk/judge.ts';
import { failureOf } from '../support/expecting.ts';
import { answering, catchRequests, client, problem, SERVER, TURBO } from './answering.ts';

describe('a call that Perkbook does not answer', () => {
  catchRequests();

  function listening(options: Partial<PerkbookOptions> = {}) {
    const told: PerkbookError[] = [];
    return { told, perkbook: client({ retries: 0, ...options, onOutage: (error) => told.push(error) }) };
  }

  it('is told of, whatever becomes of it: a fallback, a guard’s own answer, an error', async () => {
    answering(() => problem(503, 'facts_unreachable'));
    const { told, perkbook } = listening();
    await perkbook.may(TURBO, { orElse: 'allow' });
    await judge(perkbook, {}, TURBO.action, undefined, { user: () => 'ann' });
    await failureOf(perkbook.consume({ ...TURBO, idempotencyKey: 'k' }));
    await failureOf(perkbook.perks({ user: 'sam' }));
    expect(told.map(({ code }) => code)).to.deep.equal(Array(4).fill('facts_unreachable'));
  });

  it('is told of once, however many it asked', async () => {
    answering(() => ({ lost: true }));
    const { told, perkbook } = listening();
    await perkbook.mayAll([TURBO, { ...TURBO, user: 'ann' }], { orElse: 'deny' });
    expect(told.map(({ kind }) => kind)).to.deep.equal(['network']);
  });

  it('is another than one that is wrong, or answered', async () => {
    const { told, perkbook } = listening();
    answering(() => ({}));
    await perkbook.may(TURBO, { orElse: 'allow' });
    answering(() => problem(404, 'unknown_action'));
    await failureOf(perkbook.may({ ...TURBO, user: 'ann' }, { orElse: 'allow' }));
    expect(told).to.deep.equal([]);
  });

  it('is told of with the address, and end users learn nothing of it', async () => {
    const { told, perkbook } = listening();
    const judged = (orElse?: 'deny') =>
      judge(perkbook, {}, TURBO.action, () => ({}), { user: () => 'ann', orElse: orElse });
    answering(() => ({ lost: true }));
    for (const each of [await judged('deny'), await judged()])
      expect(JSON.stringify(each)).to.not.include('perkbook.test');
    expect(told.map(({ message }) => message.includes(SERVER))).to.deep.equal([true, true]);
    // A proxy before it, which has no words of its own for them.
    answering(() => ({ status: 413, body: '<html>' }));
    const tooLarge = await judged();
    expect(tooLarge).to.have.nested.property('refusal.problem.code', 'body_too_large');
    expect(JSON.stringify(tooLarge)).to.not.include('perkbook.test');
    answering(() => ({ status: 400, body: { field: '/input' } }));
    expect((await failureOf(judged())).message).to.include('the guard of `generation.turbo` cannot ask');
  });

  it('is decided all the same where who is told throws', async () => {
    answering(() => problem(503, 'facts_unreachable'));
    const perkbook = client({
      retries: 0,
      onOutage: () => {
        throw new Error('the log is full');
      },
    });
    expect(await perkbook.may(TURBO, { orElse: 'deny' })).to.include({ fallback: true });
  });
});
