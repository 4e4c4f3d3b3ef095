import type { Member } from '../../domain/member.ts';
import type { Policy } from '../../rules/rule-set.ts';
import { type Compared, type Comparison, comparisonOf } from './compare/comparison.ts';
import { DIRECTIONS, type Example, type Impact } from './impact.ts';
import { type ImpactQuestion, questionAt } from './question-at.ts';
import { renewedMember } from './renewed.ts';
import { addTally, count, countsOf, newTally, sorted, type Tally } from './tally.ts';

/** The most examples of gaining, and of losing. */
const MOST_EXAMPLES = 20;

/** Members as they stand at one instant. Plain data. */
interface CountedAt {
  /** Who has a running term. */
  running: number;
  readonly now: Tally;
}

/** What has been counted so far. Plain data. */
export interface Counted extends CountedAt {
  /** Null where the candidate is for everybody at once. */
  readonly later: Tally | null;
  /** Null where `now` is counted today. */
  readonly today: CountedAt | null;
}

/** Counts members one by one. */
export interface ImpactCount {
  readonly counted: Counted;
  add(member: Member): void;
}

/** How members are compared at the instant of a question and, where it asks for that, today. */
export interface Comparisons {
  readonly present: Comparison;
  readonly today: ((member: Member) => Compared) | undefined;
}

export function comparisonsFor({ succession, today }: ImpactQuestion): Comparisons {
  const present = comparisonOf(succession);
  if (today === undefined) return { present, today };
  const { compare } = comparisonOf(questionAt(succession, today).succession);
  return { present, today: (member) => compare(member, today) };
}

export function impactCount(
  question: ImpactQuestion,
  { present: comparison, today }: Comparisons = comparisonsFor(question),
): ImpactCount {
  const { succession, at } = question;
  const { from } = succession.candidate;
  const counted = newCounted(question);
  const { later } = counted;
  return {
    counted,
    add(member) {
      if (counted.today !== null && today !== undefined) addTo(counted.today, member, today(member));
      const present = comparison.compare(member, at);
      addTo(counted, member, present);
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

function addTo(counted: CountedAt, { id }: Member, { term, tier, differences }: Compared): void {
  if (term !== null) counted.running++;
  count(counted.now, id, tier, differences);
}

export function newCounted({ succession: { candidate }, today }: ImpactQuestion): Counted {
  const policies = [candidate.existingMembers, ...[...candidate.cards.values()].map((card) => card.existingMembers)];
  return {
    running: 0,
    now: newTally(),
    later: policies.some(waits) ? newTally() : null,
    today: today === undefined ? null : { running: 0, now: newTally() },
  };
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
  addCountedAt(sum, part);
  if (sum.later !== null && part.later !== null) addTally(sum.later, part.later);
  if (sum.today !== null && part.today !== null) addCountedAt(sum.today, part.today);
}

function addCountedAt(sum: CountedAt, part: CountedAt): void {
  sum.running += part.running;
  addTally(sum.now, part.now);
}

export function impactFrom(
  { succession: { candidate }, at, startsAt = candidate.from, today: todayAt = at }: ImpactQuestion,
  recounted: readonly string[],
  { running, now, later, today }: Counted,
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
    ...(today === null ? {} : { today: { at: todayAt, running: today.running, ...countsOf(today.now) } }),
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
