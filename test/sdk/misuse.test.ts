import { expect } from 'chai';
import type { CallOptions, Question } from '../../src/sdk/client.ts';
import { failureOf } from '../support/expecting.ts';
import { answering, catchRequests, client, TURBO } from './answering.ts';

describe('a call that is wrong', () => {
  catchRequests();

  it('about nothing: `misuse`, and nothing is sent', async () => {
    const sent = answering(() => ({}));
    const perkbook = client();
    for (const nothing of [undefined, null, 'sam', 17, [TURBO]]) {
      const question = nothing as unknown as Question & { readonly idempotencyKey: string };
      const calls = [
        perkbook.may(question, { orElse: 'allow' }),
        perkbook.mayAll([TURBO, question], { orElse: 'allow' }),
        perkbook.consume(question),
        perkbook.release(question),
        perkbook.perks(question),
        perkbook.cancellationPreview(question),
      ];
      for (const error of await Promise.all(calls.map(failureOf)))
        expect(error, String(nothing)).to.include({ kind: 'misuse' });
    }
    const many = { length: 1 } as unknown as readonly Question[];
    expect(await failureOf(perkbook.mayAll(many))).to.include({ kind: 'misuse' });
    expect(sent).to.have.lengthOf(0);
  });

  it('with what is no JSON: `misuse`, also of what is written', async () => {
    const sent = answering(() => ({}));
    const big = { ...TURBO, input: { loras: 1n }, idempotencyKey: 'k' };
    expect(await failureOf(client().may(big))).to.include({ kind: 'misuse' });
    expect(await failureOf(client().consume(big))).to.include({ kind: 'misuse' });
    expect(sent).to.have.lengthOf(0);
  });

  it('with what is no signal: `misuse`', async () => {
    const sent = answering(() => ({}));
    for (const signal of [{}, 'abort', new AbortController()]) {
      const options = { signal } as unknown as CallOptions;
      expect((await failureOf(client().may(TURBO, options))).message).to.include('`signal`');
      expect(await failureOf(client().perks({ user: 'sam' }, options))).to.include({ kind: 'misuse' });
    }
    expect(sent).to.have.lengthOf(0);
  });

  it('one slip in many leaves no request behind, and no one waiting', async () => {
    const sent = answering(() => ({}));
    const perkbook = client();
    expect(await failureOf(perkbook.mayAll([TURBO, { ...TURBO, context: { big: 1n } }]))).to.include({
      kind: 'misuse',
    });
    expect(await perkbook.may(TURBO)).to.include({ decision: 'allow' });
    expect(sent.map(({ path }) => path)).to.deep.equal(['/v1/decisions']);
  });
});
