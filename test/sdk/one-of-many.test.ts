import { expect } from 'chai';
import { Perkbook } from '../../src/sdk/client.ts';
import { type Running, run } from '../http/running.ts';
import { failureOf } from '../support/expecting.ts';
import { answering, catchRequests, client, problem, TURBO } from './answering.ts';

describe('what is wrong with one question of many', () => {
  let server: Running;
  before(async () => {
    server = await run();
  });
  after(() => server.close());

  it('says which one it is, where, and what was probably meant', async () => {
    const perkbook = new Perkbook({ baseUrl: server.address });
    const typo = { ...TURBO, action: 'generation.turbbo' };
    const error = await failureOf(perkbook.mayAll([TURBO, typo, { ...TURBO, user: 'ann' }]));
    expect(error).to.include({ kind: 'problem', code: 'unknown_action', status: 404, question: 1, field: '/action' });
    expect(error.message).to.match(/^`questions\[1\]`: .*`generation\.turbbo`.*; did you mean `generation\.turbo`\?$/);
    // Whoever asks the same alone has it at no place.
    const alone = failureOf(perkbook.may(typo));
    const [, inPlace] = await Promise.all([failureOf(perkbook.mayAll([TURBO, TURBO, typo])), alone]).then((both) =>
      both.reverse(),
    );
    expect((await alone) as { question?: number }).to.include({ question: undefined, code: 'unknown_action' });
    expect(inPlace).to.include({ question: 2, code: 'unknown_action' });
  });

  it('also where it is found before anything is sent', async () => {
    const perkbook = new Perkbook({ baseUrl: server.address });
    const wrong = [{ ...TURBO, at: '2026-01-01T00:00:00Z' }, undefined as never, { ...TURBO, input: { loras: 1n } }];
    for (const each of wrong) {
      const error = await failureOf(perkbook.mayAll([TURBO, each]));
      expect(error).to.include({ kind: 'misuse', question: 1 });
      expect(error.message).to.match(/^`questions\[1\]`: /);
    }
  });
});

describe('what is wrong with all questions', () => {
  catchRequests();

  it('names none of them', async () => {
    for (const status of [401, 429, 500, 503]) {
      answering(() => problem(status, 'some_code'));
      const error = await failureOf(client({ retries: 0 }).mayAll([TURBO, { ...TURBO, user: 'ann' }]));
      expect(error).to.include({ status, question: undefined, message: 'some_code' });
    }
  });
});
