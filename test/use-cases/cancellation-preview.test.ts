import { expect } from 'chai';
import { toApiPreview } from '../../src/api/members/to-api-preview.ts';
import { putMember } from '../../src/use-cases/members/put-member.ts';
import { cancellationPreview } from '../../src/use-cases/perks/cancellation-preview.ts';
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
      free_lora_training: ['loses', "3 of this month's 5 are lost"],
      daily_credits: ['freeLevel', '10,000 a day instead of 20,000'],
      monthly_credits: ['loses', '1,000,000 a month until then, none afterwards'],
      loras_per_generation: ['freeLevel', '3 instead of 7'],
      image_size: ['freeLevel', '1,280 × 1,280 instead of unlimited'],
      turbo_mode: ['loses', 'it ends'],
      gif_avatar: ['frozen', 'what is there stays, nothing new'],
      topup_bonus: ['loses', 'it ends'],
    });
    expect(answer.perks.loras_per_generation).to.deep.include({ now: { limit: 7 }, after: { limit: 3 } });
  });

  it('what is left today is not lost where more months follow', async () => {
    const long = { ...TERM, endsAt: NOON + 60 * DAY };
    await putMember(world, book, 'long', { terms: [long], usage: { free_lora_training: [{ at: NOON, amount: 4 }] } });
    expect((await of('long')).perks.free_lora_training?.stays).to.equal('5 a month until then, none afterwards');
    expect((await of('long', NOON + 59 * DAY)).perks.free_lora_training?.stays).to.equal(
      '5 a month until then, none afterwards',
    );
  });

  it('an extra stays as long as it was given', async () => {
    const until = Date.parse('2027-03-01T12:00:00Z');
    await putMember(world, book, 'extra', {
      terms: [TERM],
      extras: [
        { perk: 'turbo_mode', amount: 1, until },
        { perk: 'free_lora_training', amount: 2, until },
        { perk: 'early_access', amount: 1 },
        { perk: 'loras_per_generation', amount: 1, until: NOON + DAY },
      ],
    });
    const { perks } = await of('extra');
    expect(perks.turbo_mode?.stays).to.equal('the extra stays until 1 March 2027');
    expect(perks.free_lora_training?.stays).to.equal('2 a month instead of 7; the extra stays until 1 March 2027');
    expect(perks.early_access?.stays).to.equal('the extra stays');
    expect(perks.loras_per_generation?.stays).to.equal('3 instead of 8');
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
