import { expect } from 'chai';
import { toApiPerks } from '../../src/api/members/to-api-perks.ts';
import { ask } from '../../src/use-cases/decisions/ask.ts';
import { putMember } from '../../src/use-cases/members/put-member.ts';
import { perks } from '../../src/use-cases/perks/perks.ts';
import { bareQuestion } from '../../src/use-cases/perks/perks-view.ts';
import { documents } from '../support/rule-sets.ts';
import { book, bookOf, changedMembership, DAY, NOON, openWorld, type World } from './support.ts';

const TERM = { tier: 'hobbyist', channel: 'web', startsAt: NOON - 3 * DAY, endsAt: NOON + 27 * DAY } as const;

describe('perks', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
    await putMember(world, book, 'u', {
      terms: [TERM],
      holdings: { private_models: 12 },
      usage: { free_lora_training: [{ at: NOON, amount: 2 }], daily_credits: [{ at: NOON, amount: 1 }] },
    });
  });
  after(() => world.close());

  const of = async (user: string, at?: number) => toApiPerks(await perks(world, book, { user, at }));

  it('shows every perk with its values', async () => {
    const answer = await of('u');
    const version = book.ruleSets.get('pixai-membership')?.versions[0];
    expect(Object.keys(answer.perks)).to.deep.equal([...(version?.cards.keys() ?? [])]);
    expect(answer).to.include({ tier: 'hobbyist', membership: 'active', degraded: false });
    const values = Object.fromEntries(Object.entries(answer.perks).map(([id, perk]) => [id, perk.values]));
    expect(values).to.deep.include({
      free_lora_training: { limit: 5, used: 2, remaining: 3, resetsAt: '2026-12-19T12:00:00.000Z' },
      private_models: { limit: 25, used: 12, remaining: 13 },
      daily_credits: { amount: 20_000, claimed: true, resetsAt: '2026-11-23T00:00:00.000Z' },
      loras_per_generation: { limit: 7 },
      image_size: { limit: { width: null, height: null } },
      topup_bonus: { amounts: { 5: 100_000, 10: 200_000, 30: 620_000 } },
      turbo_mode: { included: true },
    });
    expect(answer.perks.turbo_mode).to.include({ title: 'Turbo mode', kind: 'switch', afterEnd: 'loses' });
  });

  it('decides each action that needs no input and no resource, as a question does', async () => {
    const { actions } = await of('u');
    expect(actions).to.include.keys('generation.turbo', 'credits.daily.claim', 'subscription.cancel');
    expect(actions).to.not.have.any.keys('generation.create', 'model.use_early', 'avatar.upload');
    const question = bareQuestion('u', 'credits.daily.claim');
    const asked = {
      question,
      ruleSetId: 'pixai-membership',
      at: undefined,
      minRevision: undefined,
      detail: 'full',
    } as const;
    const { decision } = await ask(world, book, asked);
    expect(actions['credits.daily.claim']).to.include({ decision: 'deny', unlockedBy: decision.unlockedBy });
    expect(actions['credits.daily.claim']).to.have.nested.property('reason.code', 'already_claimed');
  });

  it('is asked about another instant', async () => {
    const after = await of('u', TERM.endsAt);
    expect(after).to.include({ tier: 'free', membership: 'ended' });
    expect(after.perks.private_models?.values).to.deep.equal({ limit: 0, used: 12, remaining: 0, overage: 12 });
    expect(after.perks.gif_avatar?.values).to.deep.equal({ included: false });
  });

  it('an unknown user is somebody without a membership', async () => {
    const answer = await of('nobody');
    expect(answer).to.include({ tier: 'free', membership: 'none' });
    expect(answer.perks.daily_credits?.values).to.include({ amount: 10_000, claimed: false });
  });

  it('says so when the facts cannot be read', async () => {
    const answer = toApiPerks(await perks({ ...world, facts: world.down }, book, { user: 'u' }));
    expect(answer).to.include({ tier: null, membership: 'unknown', degraded: true });
    expect(answer.perks.free_lora_training).to.include({ title: 'Free LoRA training', values: null });
    expect(answer.actions['lora.train_free']).to.have.nested.property('reason.code', 'facts_unavailable');
    expect(answer.actions['generation.turbo']).to.include({ decision: 'allow' });
  });

  it('a tier that an older version does not know has nothing by it, rather than everything', async () => {
    const withMax = (yaml: string) =>
      yaml
        .replace('from: 2026-01-01', 'from: 2027-01-01')
        .replace('pro: {title: Pro}', 'pro: {title: Pro}\n  max: {title: Max}');
    const later = bookOf(changedMembership((yaml) => yaml, withMax));
    await putMember(world, later, 'max', { terms: [{ ...TERM, tier: 'max' }] });
    const answer = toApiPerks(await perks(world, later, { user: 'max' }));
    expect(answer.perks.free_lora_training?.values).to.include({ limit: 0, remaining: 0 });
    expect(answer.perks.private_models?.values).to.include({ limit: 0, remaining: 0 });
  });

  it('is empty where no rule set has tiers', async () => {
    const answer = toApiPerks(await perks(world, bookOf(documents), { user: 'u' }));
    expect(answer).to.deep.include({ membership: null, perks: {}, actions: {}, ruleSet: null });
  });
});
