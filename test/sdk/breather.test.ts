import { expect } from 'chai';
import { failureOf } from '../support/expecting.ts';
import { answering, catchRequests, client, pause, problem, type Reply, TURBO } from './answering.ts';

const later = (seconds: number): Reply => ({
  ...problem(429, 'too_many_requests', 'come back later'),
  headers: { 'Retry-After': String(seconds) },
});
const askers = ['ann', 'ben', 'cat', 'dan'].map((user) => ({ ...TURBO, user }));

describe('a server that was asked too much', () => {
  catchRequests();

  it('is left alone by all calls of a client, for as long as it said', async () => {
    const sent = answering(() => later(60));
    const perkbook = client();
    await failureOf(perkbook.may(TURBO));
    const begun = performance.now();
    for (const each of askers) {
      const error = await failureOf(perkbook.may(each));
      expect(error).to.include({ kind: 'problem', status: 429, code: 'too_many_requests', isOutage: true });
      expect(error.message).to.equal('come back later');
      expect((error as { retryAfter?: number }).retryAfter).to.be.within(50_000, 60_000);
    }
    expect(await failureOf(perkbook.perks({ user: 'sam' }))).to.include({ status: 429 });
    expect(await perkbook.may(TURBO, { orElse: 'deny' })).to.include({ fallback: true });
    expect(performance.now() - begun).to.be.below(1_000);
    expect(sent).to.have.lengthOf(1);
  });

  it('is asked by them afterwards, where they wait as long', async () => {
    const sent = answering((_, n) => (n === 0 ? later(1) : {}));
    const perkbook = client({ timeout: 5_000 });
    const first = perkbook.may(TURBO);
    await pause(100);
    const others = [...askers.map((each) => perkbook.may(each)), perkbook.perks({ user: 'sam' })];
    await pause(300);
    expect(sent).to.have.lengthOf(1);
    await Promise.all([first, ...others]);
    expect(sent).to.have.lengthOf(4);
  });

  it('is another than one that was sent wrong keys: the next key may be right', async () => {
    const wrong = { ...problem(429, 'too_many_wrong_keys'), headers: { 'Retry-After': '60' } };
    answering((_, n) => (n === 0 ? wrong : {}));
    const perkbook = client();
    expect(await failureOf(perkbook.may(TURBO))).to.include({ code: 'too_many_wrong_keys' });
    expect(await perkbook.may({ ...TURBO, user: 'ann' })).to.include({ decision: 'allow' });
  });

  it('is another than one that cannot answer some questions: the others are asked', async () => {
    const busy = { ...problem(503, 'facts_unreachable'), headers: { 'Retry-After': '60' } };
    answering((_, n) => (n === 0 ? busy : {}));
    const perkbook = client();
    expect(await failureOf(perkbook.may(TURBO))).to.include({ status: 503 });
    expect(await perkbook.may({ ...TURBO, user: 'ann' })).to.include({ decision: 'allow' });
  });
});
