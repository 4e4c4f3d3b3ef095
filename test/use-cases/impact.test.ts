import { expect } from 'chai';
import { parse, stringify } from 'yaml';
import { type Member, newMember, type Term } from '../../src/domain/member.ts';
import { ruleSetOf } from '../../src/rules/rule-set-of.ts';
import type { Impact } from '../../src/use-cases/impact/impact.ts';
import { impactOf } from '../../src/use-cases/impact/impact-of.ts';
import { successionOf } from '../../src/use-cases/impact/succession.ts';
import { changedMembership, DAY, NOON, replaced } from './support.ts';

type Change = (yaml: string) => string;

// biome-ignore lint/suspicious/noExplicitAny: a rule file is taken apart and put together again
const edited = (change: (file: any) => void): Change => {
  return (yaml) => {
    const file = parse(yaml);
    change(file);
    return stringify(file);
  };
};

function starting(from: number, policy = 'now', ...changes: readonly Change[]): Change {
  const start = replaced('from: 2026-01-01T00:00:00Z', `from: ${new Date(from).toISOString()}`);
  const who = replaced('existingMembers: now ', `existingMembers: ${policy} `);
  return (yaml) => changes.reduce((text, change) => change(text), who(start(yaml)));
}

const FOUR = replaced('starter: 3,', 'starter: 4,');
const SAME: Change = (yaml) => yaml;

/** What the last of these versions does to the members. */
async function impact(changes: readonly Change[], members: readonly Member[], at = NOON): Promise<Impact> {
  const { id, versions } = changedMembership(...changes);
  const succession = successionOf(ruleSetOf(id, versions), versions.length);
  if (succession === undefined) throw new Error('there is nothing before it');
  return impactOf({ succession, at, pages: [members] });
}

function member(
  id: string,
  tier: string | undefined,
  more: Partial<Member> & { readonly term?: Partial<Term> } = {},
): Member {
  const { term, ...rest } = more;
  const running = { channel: 'web', startsAt: NOON - 10 * DAY, endsAt: NOON + 20 * DAY, ...term } as const;
  return { ...newMember(id), terms: tier === undefined ? [] : [{ ...running, tier }], ...rest };
}

const ALL = [member('nobody', undefined), member('starter', 'starter'), member('pro', 'pro')];

describe('an impact', () => {
  it('takes a member over from an older version than the last', async () => {
    // Version 2 waits for the next term; version 3 repeats its number and does not wait.
    const versions = [SAME, starting(NOON - 5 * DAY, 'nextTerm', FOUR), starting(NOON - DAY, 'now', FOUR)];
    const { gain, perks } = await impact(versions, ALL);
    expect({ gain, perks }).to.deep.equal({ gain: 1, perks: { free_lora_training: { gain: 1, lose: 0 } } });
  });

  it('sees a new limit on what was free, also for who is far from it', async () => {
    const perk = {
      title: 'Turbo a day',
      kind: 'quota',
      per: 'day',
      tiers: { free: 0, starter: 10, hobbyist: 10, pro: 50 },
      afterEnd: 'loses',
      actions: { 'generation.turbo': 'use' },
    };
    const limited = edited((file) => {
      file.perks.turbo_a_day = perk;
    });
    const found = await impact([SAME, starting(NOON - DAY, 'now', limited)], ALL);
    expect(found).to.include({ gain: 0, lose: 2, unchanged: 1 });
    expect(found.examples).to.deep.include({
      user: 'starter',
      what: 'lose',
      perk: 'turbo_a_day',
      action: 'generation.turbo',
      asked: { amount: 11 },
      from: 'allow',
      to: 'deny quota_used_up',
    });
  });

  it('names who is over a new limit, and not who was over the old one', async () => {
    const fewer = replaced('starter: 15,', 'starter: 10,');
    const holding = (id: string, models: number) => member(id, 'starter', { holdings: { private_models: models } });
    const { overLimit } = await impact(
      [SAME, starting(NOON - DAY, 'now', fewer)],
      [holding('a', 10), holding('b', 11), holding('c', 40), member('d', 'pro', { holdings: { private_models: 40 } })],
    );
    expect(overLimit).to.deep.equal({
      members: 2,
      perks: { private_models: 2 },
      examples: [
        { user: 'b', perk: 'private_models', used: 11, limit: 10 },
        { user: 'c', perk: 'private_models', used: 40, limit: 10 },
      ],
    });
  });

  it('honours whom the version is for, and says what comes later', async () => {
    const less = replaced('starter: 3,', 'starter: 2,');
    const lost = async (policy: string) => {
      const found = await impact([SAME, starting(NOON - DAY, policy, less)], ALL);
      return [found.lose, found.later?.lose];
    };
    expect(await lost('now')).to.deep.equal([1, undefined]);
    expect(await lost('nextTerm')).to.deep.equal([0, 1]);
    expect(await lost('whileSubscribed')).to.deep.equal([0, 1]);
    expect(await lost('neverWorse')).to.deep.equal([0, undefined]);
    // Who began after its start is no member from before.
    const late = [member('late', 'starter', { term: { startsAt: NOON - DAY / 2 } })];
    expect(await impact([SAME, starting(NOON - DAY, 'nextTerm', less)], late)).to.include({ lose: 1 });
    // Asked about an instant before the start, nothing has happened yet.
    expect(await impact([SAME, starting(NOON + DAY, 'now', less)], ALL)).to.include({ unchanged: 3 });
  });

  it('warns of perks that are counted in another way', async () => {
    const daily = edited((file) => {
      file.perks.free_lora_training.per = 'day';
    });
    const used = [{ at: NOON - DAY, amount: 2 }];
    const found = await impact(
      [SAME, starting(NOON - DAY, 'now', daily)],
      [member('a', 'starter', { usage: { free_lora_training: used } }), member('b', 'starter')],
    );
    expect(found.recounted).to.deep.equal(['free_lora_training']);
    expect(found).to.include({ gain: 1, unchanged: 1 });
  });

  it('counts what is gone: a grant, a perk with its action', async () => {
    const without = edited((file) => {
      delete file.perks.daily_credits;
      delete file.actions['credits.daily.claim'];
      delete file.perks.quality_tags;
      delete file.actions['model.add_booster'];
    });
    const found = await impact([SAME, starting(NOON - DAY, 'now', without)], ALL);
    expect(found).to.include({ lose: 3 });
    expect(found.perks).to.deep.include({ daily_credits: { gain: 0, lose: 3 } });
    expect(found.actions['model.add_booster']).to.deep.equal({ gain: 0, lose: 2 });
  });

  it('has nothing to say of words and messages', async () => {
    const words = [replaced('title: Free LoRA training', 'title: Trainings'), replaced('You have used', 'This makes')];
    const found = await impact([SAME, starting(NOON - DAY, 'now', ...words)], ALL);
    expect(found).to.deep.include({ unchanged: 3, perks: {}, actions: {}, examples: [] });
  });

  it('keeps a bounded number of examples, and tells of rare differences beside common ones', async () => {
    const many = Array.from({ length: 500 }, (_, i) => member(`m-${i}`, i === 400 ? 'pro' : 'starter'));
    const changes = [FOUR, replaced('pro: 35', 'pro: 36'), replaced('starter: 15,', 'starter: 14,')];
    const { examples } = await impact([SAME, starting(NOON - DAY, 'now', ...changes)], many);
    const of = (what: string) => examples.filter((each) => each.what === what).map(({ user }) => user);
    expect(of('gain')).to.have.members(['m-0', 'm-1', 'm-2', 'm-3', 'm-4', 'm-400']);
    expect(of('lose')).to.deep.equal(['m-0', 'm-1', 'm-2', 'm-3', 'm-4']);
  });

  it('stops between two pages', async () => {
    const stopping = new AbortController();
    const { id, versions } = changedMembership(SAME, starting(NOON - DAY, 'now', FOUR));
    const succession = successionOf({ id, versions }, 2);
    if (succession === undefined) throw new Error('there is nothing before it');
    const pages = [ALL, ALL, ALL];
    const found = await impactOf({
      succession,
      at: NOON,
      pages,
      total: 9,
      signal: stopping.signal,
      onProgress: ({ done, total }) => {
        expect(total).to.equal(9);
        if (done === 6) stopping.abort();
      },
    });
    expect(found).to.include({ members: 6, partial: true, gain: 2 });
  });
});
