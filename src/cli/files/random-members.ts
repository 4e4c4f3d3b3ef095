import type { Instant } from '../../domain/instant.ts';
import { CHANNELS, type Extra, type Member, newMember, type Term, type UsageEntry } from '../../domain/member.ts';
import type { Version } from '../../rules/rule-set.ts';

const DAY = 86_400_000;

/** Members that differ in everything that rules may depend on, around `now`. The same seed gives the same members. */
export function* randomMembers(version: Version, seed: number, count: number, now: Instant): Generator<Member> {
  const random = randomFrom(seed);
  const below = (n: number) => Math.floor(random() * n);
  const pick = <T>(all: readonly T[]): T | undefined => all[below(all.length)];
  const some = <T>(most: number, make: () => T): T[] => Array.from({ length: below(most + 1) }, make);
  const tiers = version.tiers.slice(1).map(({ id }) => id);
  const cards = [...version.cards.values()];
  const counted = cards.filter(({ kind }) => kind.name === 'quota' || kind.name === 'grant');
  const holdings = cards.flatMap(({ kind }) => (kind.holds === undefined ? [] : [kind.holds]));

  /** Often on the boundaries that periods have, and often exactly now. */
  function instant(): Instant {
    const days = (below(240) - 120) * DAY;
    return pick([now, now + 1, now - 1, now + days, now + days, now + days + below(DAY), now - (now % DAY)]) ?? now;
  }

  function term(): readonly Term[] {
    const tier = pick(tiers);
    if (tier === undefined) return [];
    const startsAt = instant();
    const endsAt = startsAt + (pick([1, 30 * DAY, 31 * DAY, 1 + below(95 * DAY)]) ?? DAY);
    const cancelled = random() < 0.3 ? { cancelledAt: startsAt } : {};
    return [{ tier, channel: pick(CHANNELS) ?? 'web', startsAt, endsAt, autoRenew: random() < 0.5, ...cancelled }];
  }

  function extra(): readonly Extra[] {
    const perk = pick(cards)?.id;
    if (perk === undefined) return [];
    const [from, until] = [instant(), instant()].toSorted((a, b) => a - b);
    return [
      {
        perk,
        amount: 1 + below(5),
        ...(from === undefined ? {} : { from }),
        ...(until === undefined ? {} : { until: until + 1 }),
      },
    ];
  }

  const entry = (): UsageEntry => ({ at: instant(), amount: 1 + below(4) });
  for (let number = 1; number <= count; number++) {
    yield {
      ...newMember(`random-${seed}-${number}`),
      revision: 1,
      terms: some(4, term).flat(),
      usage: Object.fromEntries(counted.map(({ id }) => [id, some(5, entry)])),
      holdings: Object.fromEntries(holdings.map((holding) => [holding, below(45)])),
      extras: some(3, extra).flat(),
      attributes: random() < 0.5 ? {} : { role: pick(['admin', 'editor', 'reader']) ?? null },
    };
  }
}

/** Mulberry32: 32 bits of state are plenty for test data, and a seed can be typed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
