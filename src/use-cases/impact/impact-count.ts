import type { Instant } from '../../domain/instant.ts';
import type { Member } from '../../domain/member.ts';
import type { Policy } from '../../rules/rule-set.ts';
import { type Comparison, comparisonOf } from './compare/comparison.ts';
import { DIRECTIONS, type Example, type Impact } from './impact.ts';
import { renewedMember } from './renewed.ts';
import type { Succession } from './succession.ts';
import { addTally, count, countsOf, newTally, sorted, type Tally } from './tally.ts';

/** The most examples of gaining, and of losing. */
const MOST_EXAMPLES = 20;

/** What has been counted so far. Plain data. */
export interface Counted {
  /** Who has a running term. */
  running: number;
  readonly now: Tally;
  /** Null where the candidate is for everybody at once. */
  readonly later: Tally | null;
}

/** Counts members one by one. */
export interface ImpactCount {
  readonly counted: Counted;
  add(member: Member): void;
}

export interface ImpactQuestion {
  readonly succession: Succession;
  readonly at: Instant;
  /** When the candidate starts by its file; absent: as it says itself. */
  readonly startsAt?: Instant;
}

export function impactCount(
  { succession, at }: ImpactQuestion,
  comparison: Comparison = comparisonOf(succession),
): ImpactCount {
  const { from } = succession.candidate;
  const counted = newCounted(succession);
  const { now, later } = counted;
  return {
    counted,
    add(member) {
      const present = comparison.compare(member, at);
      if (present.term !== null) counted.running++;
      count(now, member.id, present.tier, present.differences);
      if (later === null) return;
      const renewed =
        present.term === null
          ? { member, at: Math.max(at, from) }
          : renewedMember(member, present.term, Math.max(at, from));
      const then =
        renewed.member === member && renewed.at === at ? present : comparison.compare(renewed.member, renewed.at);
      count(later, member.id, then.tier, then.differences);
    },
  };
}

export function newCounted({ candidate }: Succession): Counted {
  const policies = [candidate.existingMembers, ...[...candidate.cards.values()].map((card) => card.existingMembers)];
  return { running: 0, now: newTally(), later: policies.some(waits) ? newTally() : null };
}

/** Whether a change reaches those who are members already only after a term of theirs. */
function waits(policy: Policy): boolean {
  switch (policy) {
    case 'nextTerm':
    case 'whileSubscribed':
      return true;
    case 'now':
    case 'neverWorse':
      return false;
  }
}

/** Adds what was counted of later members to what was counted of earlier ones. */
export function addCounted(sum: Counted, part: Counted): void {
  sum.running += part.running;
  addTally(sum.now, part.now);
  if (sum.later !== null && part.later !== null) addTally(sum.later, part.later);
}

export function impactFrom(
  { succession: { candidate }, at, startsAt = candidate.from }: ImpactQuestion,
  recounted: readonly string[],
  { running, now, later }: Counted,
  partial: boolean,
): Impact {
  return {
    candidate: candidate.ref,
    at,
    startsAt,
    ...countsOf(now),
    running,
    examples: examplesOf(now),
    overLimit: { members: now.over.members, perks: sorted(now.over.perks), examples: now.over.examples },
    recounted,
    ...(later === null ? {} : { later: countsOf(later) }),
    partial,
  };
}

/** In turn one of each difference, so that a common one does not hide a rare one. */
function examplesOf({ examples }: Tally): readonly Example[] {
  const kinds = Object.entries(sorted(examples)).map(([, each]) => each);
  return DIRECTIONS.flatMap((what) => {
    const same = kinds.filter(([first]) => first?.what === what);
    const longest = Math.max(0, ...same.map(({ length }) => length));
    const inTurn = Array.from({ length: longest }, (_, i) => same.flatMap((each) => each.slice(i, i + 1))).flat();
    return inTurn.slice(0, MOST_EXAMPLES);
  });
}
