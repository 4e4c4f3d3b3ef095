import { expect } from 'chai';
import { toApiPreview } from '../../src/api/to-api-preview.ts';
import { cancellationPreview } from '../../src/use-cases/cancellation-preview.ts';
import { putMember } from '../../src/use-cases/put-member.ts';
import { book, DAY, iso, NOON, openWorld, type World } from './support.ts';

const TERM = { tier: 'hobbyist', channel: 'web', startsAt: NOON - 3 * DAY, endsAt: NOON + 27 * DAY } as const;

describe('cancellation preview', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
    await putMember(world, book, 'u', {
      terms: [TERM],
      holdings: { private_models: 12 },
      usage: { free_lora_training: [{ at: NOON, amount: 2 }] },
    });
  });
  after(() => world.close());

  const of = async (user: string, at?: number) => toApiPreview(await cancellationPreview(world, book, { user, at }));

  it('says of each perk what stays', async () => {
    const answer = await of('u');
    expect(answer).to.include({ endsAt: iso(TERM.endsAt), membership: 'active', tier: 'hobbyist', degraded: false });
    const told = Object.fromEntries(Object.entries(answer.perks).map(([id, { word, stays }]) => [id, [word, stays]]));
    expect(told).to.deep.include({
      private_models: ['frozen', '12 private models stay, no new one'],
      free_lora_training: ['loses', '3 of 5 a month are lost'],
      daily_credits: ['freeLevel', '10,000 a day instead of 20,000'],
      monthly_credits: ['loses', '1,000,000 a month end'],
      loras_per_generation: ['freeLevel', '3 instead of 7'],
      image_size: ['freeLevel', '1,280 × 1,280 instead of unlimited'],
      turbo_mode: ['loses', 'it ends'],
      gif_avatar: ['frozen', 'what is there stays, nothing new'],
      topup_bonus: ['loses', 'it ends'],
    });
    expect(answer.perks.loras_per_generation).to.deep.include({ now: { limit: 7 }, after: { limit: 3 } });
  });

  it('the membership ends where the last term that touches ends', async () => {
    const next = { ...TERM, tier: 'starter', startsAt: TERM.endsAt, endsAt: TERM.endsAt + 30 * DAY } as const;
    const last = { ...next, startsAt: next.endsAt - DAY, endsAt: next.endsAt + DAY };
    const later = { ...TERM, startsAt: last.endsAt + 1, endsAt: last.endsAt + DAY };
    await putMember(world, book, 'chain', { terms: [later, last, next, TERM] });
    const answer = await of('chain');
    expect(answer.endsAt).to.equal(iso(last.endsAt));
    expect(answer.perks.daily_credits?.now).to.include({ amount: 20_000 });
    expect(answer.perks.daily_credits?.after).to.include({ amount: 10_000 });
  });

  it('without a running term nothing ends and nothing changes', async () => {
    for (const [user, at, membership] of [
      ['nobody', NOON, 'none'],
      ['u', TERM.startsAt - 1, 'upcoming'],
      ['u', TERM.endsAt, 'ended'],
    ] as const) {
      const answer = await of(user, at);
      expect(answer).to.include({ endsAt: null, membership });
      for (const perk of Object.values(answer.perks)) {
        expect(perk).to.include({ word: null, stays: 'nothing changes' });
        expect(perk.after).to.deep.equal(perk.now);
      }
    }
  });

  it('says so when the facts cannot be read', async () => {
    const answer = toApiPreview(await cancellationPreview({ ...world, facts: world.down }, book, { user: 'u' }));
    expect(answer).to.deep.include({ endsAt: null, membership: 'unknown', perks: {}, degraded: true });
  });
});
