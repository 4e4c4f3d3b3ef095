import { expect } from 'chai';
import { failureOf, until } from '../support/expecting.ts';
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

  it('is left alone until the latest end that it named: also by those who waited for an earlier one', async () => {
    const times: number[] = [];
    // All of them are under way when the first is refused.
    const replies = [
      { ...later(1), delay: 50 },
      { ...later(2), delay: 300 },
      { ...later(1), delay: 600 },
      { ...later(2), delay: 1_700 },
    ];
    answering((_, n) => {
      times.push(performance.now());
      return replies[n] ?? {};
    });
    const perkbook = client({ timeout: 10_000 });
    const early = [];
    for (const each of askers) {
      early.push(perkbook.may(each));
      await pause(5);
    }
    await pause(100);
    const waiting = perkbook.may(TURBO);
    await Promise.all([...early, waiting]);
    const [, , , last = 0, ...others] = times;
    expect(others).to.have.lengthOf(5);
    expect(Math.min(...others) - last).to.be.at.least(3_690);
  });

  it('is left alone also by who was fetching a key when it said so', async () => {
    const sent = answering((_, n) => (n === 0 ? later(1) : {}));
    let keys = 0;
    const apiKey = async () => {
      if (++keys > 1) await pause(300);
      return 'pk_1';
    };
    const perkbook = client({ timeout: 5_000, apiKey });
    const first = perkbook.may(TURBO);
    await until(() => keys === 1);
    const second = perkbook.may({ ...TURBO, user: 'ann' });
    await until(() => sent.length === 1);
    const begun = performance.now();
    await Promise.race([first, second]);
    expect(performance.now() - begun).to.be.at.least(900);
    await Promise.all([first, second]);
    expect(sent).to.have.lengthOf(3);
  });

  it('and whoever does not wait so long is told by when it may be asked, however many are told', async () => {
    answering(() => later(2));
    const perkbook = client({ timeout: 300 });
    await failureOf(perkbook.may(TURBO));
    const begun = performance.now();
    let last = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 2_000; i++) {
      const { retryAfter = 0 } = (await failureOf(perkbook.may({ ...TURBO, amount: i }))) as { retryAfter?: number };
      expect(retryAfter).to.be.at.most(last);
      last = retryAfter;
    }
    expect(last).to.be.at.most(2_001 - (performance.now() - begun));
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
