import { expect } from 'chai';
import type { Member } from '../../src/domain/member.ts';
import type { CheckedQuestion } from '../../src/domain/question.ts';
import { ask } from '../../src/use-cases/decisions/ask.ts';
import type { ShadowOptions } from '../../src/use-cases/shadow/shadow.ts';
import { Shadows } from '../../src/use-cases/shadow/shadows.ts';
import { bookOf, changedMembership, NOON, replaced } from './support.ts';

const [first, six] = changedMembership((yaml) => yaml, replaced('starter: 5,', 'starter: 6,')).versions;
if (first === undefined || six === undefined) throw new Error('there are no versions');
const live = { id: 'pixai-membership', versions: [first] };
const book = bookOf(live);
const DAY = 86_400_000;
const sam: Member = {
  id: 'sam',
  revision: 1,
  terms: [{ tier: 'starter', channel: 'web', startsAt: NOON - DAY, endsAt: NOON + 30 * DAY }],
  usage: {},
  holdings: {},
  extras: [],
  attributes: {},
  keyDays: {},
};

function askedFor(loras: number, at?: number): CheckedQuestion {
  const subject = { type: 'user', id: 'sam', properties: {} };
  const input = { loras, width: 1024, height: 1024 };
  return {
    question: { subject, action: 'generation.create', input, resource: null, context: {}, amount: 1 },
    ruleSetId: live.id,
    at,
    minRevision: undefined,
    detail: 'full',
  };
}

/** Shadows whose work is done when `run` says so. */
function world(options: Partial<ShadowOptions> = {}) {
  const waiting: (() => void)[] = [];
  const clock = { now: () => NOON };
  const shadows = new Shadows(clock, { later: (work) => void waiting.push(work), ...options });
  const facts = { read: () => ({ state: 'fresh', member: sam }) as const };
  return {
    shadows,
    waiting,
    ask: (loras: number, at?: number) => ask({ facts, clock, shadows }, book, askedFor(loras, at)),
    /** One turn; whether there was one. */
    run: () => {
      const work = waiting.shift();
      work?.();
      return work !== undefined;
    },
  };
}

describe('a shadow', () => {
  it('judges nothing before the answer is made, and nobody is told while there is none', () => {
    const { shadows, waiting, ask: asked, run } = world();
    const plain = asked(6);
    expect(shadows.observer).to.equal(undefined);
    expect(waiting).to.have.lengthOf(0);
    shadows.put(live, six);
    expect(asked(6)).to.deep.equal(plain);
    expect(shadows.report(live.id)).to.include({ judged: 0, waiting: 1 });
    run();
    expect(shadows.report(live.id)).to.include({ judged: 1, different: 1, waiting: 0 });
    shadows.remove(live.id);
    expect(shadows.observer).to.equal(undefined);
  });

  it('lets only so many wait, and counts what it drops', () => {
    const { shadows, ask: asked, run } = world({ mostWaiting: 10, atOnce: 4 });
    shadows.put(live, six);
    for (let i = 0; i < 25; i++) asked(6);
    expect(shadows.report(live.id)).to.include({ waiting: 10, dropped: 15, judged: 0 });
    run();
    expect(shadows.report(live.id)).to.include({ waiting: 6, judged: 4 });
    let turns = 1;
    while (run()) turns++;
    expect(turns).to.equal(3);
    expect(shadows.report(live.id)).to.include({ waiting: 0, dropped: 15, judged: 10 });
    asked(5);
    expect(run()).to.equal(true);
    expect(shadows.report(live.id)).to.include({ judged: 11 });
  });

  it('keeps a few examples of each difference', () => {
    const { shadows, ask: asked, run } = world({ mostWaiting: 1000, atOnce: 1000 });
    shadows.put(live, six);
    for (let i = 0; i < 100; i++) asked(i % 2 === 0 ? 6 : 5);
    run();
    const { examples, actions } = shadows.report(live.id);
    expect(actions).to.deep.equal({ 'generation.create': { denyToAllow: 50, values: 50 } });
    expect(examples.map(({ difference }) => difference).sort()).to.deep.equal([
      ...Array.from({ length: 3 }, () => 'denyToAllow'),
      ...Array.from({ length: 3 }, () => 'values'),
    ]);
  });

  it('takes the share of questions that it is given', () => {
    let drawn = 0;
    const { shadows, ask: asked, run } = world({ random: () => (drawn++ % 4) / 4, mostWaiting: 1000, atOnce: 1000 });
    shadows.put(live, six, { sample: 0.5 });
    for (let i = 0; i < 100; i++) asked(6);
    run();
    expect(shadows.report(live.id)).to.include({ judged: 50, dropped: 0 });
  });

  it('judges as if the candidate had started with it, for whom its policy says', () => {
    const { shadows, ask: asked, run } = world();
    shadows.put(live, { ...six, from: NOON + 300 * DAY });
    asked(6);
    asked(6, NOON - 1);
    run();
    expect(shadows.report(live.id), 'the past is none of its business').to.include({ judged: 1, different: 1 });
    const waits = changedMembership(
      (yaml) => yaml,
      (yaml) =>
        replaced('existingMembers: now ', 'existingMembers: nextTerm ')(replaced('starter: 5,', 'starter: 6,')(yaml)),
    ).versions[1];
    if (waits === undefined) throw new Error('there is no version');
    shadows.put(live, waits);
    asked(6);
    run();
    expect(shadows.report(live.id)).to.include({ judged: 1, same: 1 });
  });
});
