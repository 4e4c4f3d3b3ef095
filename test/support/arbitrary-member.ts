import fc from 'fast-check';
import type { Extra, Member, Term, UsageEntry } from '../../src/domain/member.ts';

/** The instant around which everything in these members happens. */
export const PRESENT = Date.UTC(2026, 10, 22, 10);
const DAY = 86_400_000;

/** Instants within a few months of the present, many of them on the boundaries that periods have. */
export const instant: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: -120, max: 120 }).map((days) => PRESENT - 10 * 3_600_000 + days * DAY),
  fc.integer({ min: -100 * DAY, max: 100 * DAY }).map((apart) => PRESENT + apart),
  fc.integer({ min: -2, max: 2 }).map((apart) => PRESENT + apart),
);

export const term: fc.Arbitrary<Term> = fc
  .record({
    tier: fc.constantFrom('starter', 'hobbyist', 'pro'),
    channel: fc.constantFrom('web' as const, 'ios' as const, 'android' as const),
    startsAt: instant,
    length: fc.oneof(fc.constantFrom(1, 31 * DAY, 30 * DAY), fc.integer({ min: 1, max: 95 * DAY })),
    cancelled: fc.boolean(),
    autoRenew: fc.boolean(),
  })
  .map(({ length, cancelled, startsAt, ...rest }) => ({
    ...rest,
    startsAt,
    endsAt: startsAt + length,
    ...(cancelled ? { cancelledAt: startsAt } : {}),
  }));

/** Terms as billing sends them: apart, overlapping, or each beginning where the one before ends. */
const terms: fc.Arbitrary<readonly Term[]> = fc
  .tuple(fc.array(term, { maxLength: 4 }), fc.boolean())
  .map(([each, touching]) => {
    if (!touching) return each;
    let startsAt = each[0]?.startsAt ?? 0;
    return each.map((next) => {
      const moved = { ...next, startsAt, endsAt: startsAt + (next.endsAt - next.startsAt) };
      startsAt = moved.endsAt;
      return moved;
    });
  });

const usage: fc.Arbitrary<readonly UsageEntry[]> = fc.array(
  fc.record({ at: instant, amount: fc.integer({ min: 1, max: 4 }) }),
  { maxLength: 6 },
);

const extra: fc.Arbitrary<Extra> = fc.record(
  {
    perk: fc.constantFrom('free_lora_training', 'private_models', 'loras_per_generation', 'turbo_mode', 'gif_avatar'),
    amount: fc.integer({ min: 1, max: 5 }),
    from: instant,
    until: instant,
  },
  { requiredKeys: ['perk', 'amount'] },
);

export const member: fc.Arbitrary<Member> = fc.record({
  id: fc.constant('u'),
  revision: fc.constant(1),
  terms,
  usage: fc.record({ free_lora_training: usage, daily_credits: usage, monthly_credits: usage }),
  holdings: fc.record({ private_models: fc.integer({ min: 0, max: 40 }) }),
  extras: fc.array(extra, { maxLength: 3 }),
  attributes: fc.constant({}),
  keyDays: fc.constant({}),
});
