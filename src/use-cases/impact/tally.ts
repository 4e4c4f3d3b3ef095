import type { Difference, Shown } from './compare/difference.ts';
import { type Counts, DIRECTIONS, type Example, type GainLose, type OverLimitExample } from './impact.ts';

/** So many examples of each difference are kept while counting. */
const EXAMPLES_OF_EACH = 5;
const MOST_OVER_LIMIT = 20;

type Both = { gain: number; lose: number };

/** Counts that grow. Plain data, so that one thread can hand them to another. */
export interface Tally {
  members: number;
  gain: number;
  lose: number;
  mixed: number;
  readonly perks: Map<string, Both>;
  readonly actions: Map<string, Both>;
  readonly tiers: Map<string, Both & { members: number }>;
  /** By what differs, in the order of the ids. */
  readonly examples: Map<string, Example[]>;
  readonly over: { members: number; readonly perks: Map<string, number>; readonly examples: OverLimitExample[] };
}

export function newTally(): Tally {
  return {
    members: 0,
    gain: 0,
    lose: 0,
    mixed: 0,
    perks: new Map(),
    actions: new Map(),
    tiers: new Map(),
    examples: new Map(),
    over: { members: 0, perks: new Map(), examples: [] },
  };
}

/** Counts one member. */
export function count(tally: Tally, user: string, tier: string | null, differences: readonly Difference[]): void {
  tally.members++;
  const ofTier = tier === null ? undefined : entry(tally.tiers, tier, () => ({ members: 0, gain: 0, lose: 0 }));
  if (ofTier !== undefined) ofTier.members++;
  const shown = differences.flatMap((each) => each.shown);
  countOver(tally, user, differences);
  if (shown.length === 0) return;
  const gains = shown.some(({ what }) => what === 'gain');
  const loses = shown.some(({ what }) => what === 'lose');
  if (gains && loses) tally.mixed++;
  else if (gains) tally.gain++;
  else tally.lose++;
  for (const what of DIRECTIONS) {
    const same = shown.filter((each) => each.what === what);
    if (same.length === 0) continue;
    if (ofTier !== undefined) ofTier[what]++;
    for (const perk of new Set(same.flatMap((each) => each.perk ?? []))) entry(tally.perks, perk, both)[what]++;
    for (const action of new Set(same.flatMap((each) => each.action ?? []))) entry(tally.actions, action, both)[what]++;
    for (const each of worthShowing(same)) keepExample(tally, user, tier, each);
  }
}

const both = (): Both => ({ gain: 0, lose: 0 });

/** What a perk says of its number says more than an answer that follows from it. */
function worthShowing(shown: readonly Shown[]): readonly Shown[] {
  const told = new Set(shown.flatMap(({ action, perk }) => (action === undefined ? (perk ?? []) : [])));
  return shown.filter(({ action, perk }) => action === undefined || perk === undefined || !told.has(perk));
}

function keepExample(tally: Tally, user: string, tier: string | null, shown: Shown): void {
  const key = JSON.stringify([shown.what, shown.perk ?? null, shown.action ?? null, tier]);
  const kept = entry(tally.examples, key, (): Example[] => []);
  if (kept.length < EXAMPLES_OF_EACH) kept.push({ user, ...shown });
}

function countOver(tally: Tally, user: string, differences: readonly Difference[]): void {
  let isOver = false;
  for (const { over } of differences) {
    if (over === undefined) continue;
    isOver = true;
    tally.over.perks.set(over.perk, (tally.over.perks.get(over.perk) ?? 0) + 1);
    if (tally.over.examples.length < MOST_OVER_LIMIT) tally.over.examples.push({ user, ...over });
  }
  if (isOver) tally.over.members++;
}

function entry<T>(all: Map<string, T>, key: string, make: () => T): T {
  const known = all.get(key);
  if (known !== undefined) return known;
  const made = make();
  all.set(key, made);
  return made;
}

/** Adds a later part of the members to an earlier one: counts add up, and of the examples the first are kept. */
export function addTally(sum: Tally, part: Tally): void {
  sum.members += part.members;
  sum.gain += part.gain;
  sum.lose += part.lose;
  sum.mixed += part.mixed;
  for (const what of ['perks', 'actions'] as const) {
    for (const [key, { gain, lose }] of part[what]) {
      const known = entry(sum[what], key, both);
      known.gain += gain;
      known.lose += lose;
    }
  }
  for (const [tier, { members, gain, lose }] of part.tiers) {
    const known = entry(sum.tiers, tier, () => ({ members: 0, gain: 0, lose: 0 }));
    known.members += members;
    known.gain += gain;
    known.lose += lose;
  }
  for (const [key, examples] of part.examples) {
    const known = entry(sum.examples, key, (): Example[] => []);
    known.push(...examples.slice(0, EXAMPLES_OF_EACH - known.length));
  }
  sum.over.members += part.over.members;
  for (const [perk, members] of part.over.perks) sum.over.perks.set(perk, (sum.over.perks.get(perk) ?? 0) + members);
  sum.over.examples.push(...part.over.examples.slice(0, MOST_OVER_LIMIT - sum.over.examples.length));
}

export function countsOf({ members, gain, lose, mixed, perks, actions, tiers }: Tally): Counts {
  return {
    members,
    gain,
    lose,
    mixed,
    unchanged: members - gain - lose - mixed,
    perks: sorted<GainLose>(perks),
    actions: sorted<GainLose>(actions),
    tiers: sorted(tiers),
  };
}

/** By name, so that the same members give the same text however the work was divided. */
export function sorted<T>(all: ReadonlyMap<string, T>): Readonly<Record<string, T>> {
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}
