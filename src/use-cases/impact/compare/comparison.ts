import type { Instant } from '../../../domain/instant.ts';
import type { Member, Term } from '../../../domain/member.ts';
import type { Succession } from '../succession.ts';
import { compareAction } from './compare-action.ts';
import { comparePerk } from './compare-perk.ts';
import type { Difference } from './difference.ts';
import { positionNumbers, positionsIn } from './position.ts';
import { actionReads, perkReads } from './reads.ts';
import { type Compare, remembering } from './remembering.ts';
import { samplesFor } from './samples.ts';
import { type Touched, touchedBy } from './touched.ts';

/** What the candidate does to one member at one instant. */
export interface Compared {
  /** One for each perk and action that is touched, perks first. */
  readonly differences: readonly Difference[];
  /** The tier with the candidate; null for a rule set without tiers. */
  readonly tier: string | null;
  /** The running term. */
  readonly term: Term | null;
}

/** Both rule sets, made ready once to judge many members. */
export interface Comparison {
  readonly touched: Touched;
  /** Perks whose usage is not read. */
  readonly unread: readonly string[];
  compare(member: Member, at: Instant): Compared;
}

/** `remember: false`: every member is judged by themselves, which is slow and plain. */
export function comparisonOf(
  succession: Succession,
  { remember = true }: { readonly remember?: boolean } = {},
): Comparison {
  const touched = touchedBy(succession);
  const positionOf = positionsIn(succession);
  const numberOf = positionNumbers();
  const tiered = succession.candidate.tiers.length > 0;
  const compares = [
    ...[...touched.perks].map((perk): Compare => {
      const reads = remember ? perkReads(perk, succession) : null;
      return remembering(reads, (position) => comparePerk(perk, position));
    }),
    ...actionCompares(succession, touched, remember),
  ];
  return {
    touched,
    unread: unreadPerks(succession, touched),
    compare(member, at) {
      const position = positionOf(member, at);
      const number = compares.length === 0 ? 0 : numberOf(position);
      const { standing, version } = position.after;
      return {
        differences: compares.map((compare) => compare(position, number)),
        tier: tiered ? (version.tiers[standing.rank]?.id ?? null) : null,
        term: standing.term,
      };
    },
  };
}

function actionCompares(succession: Succession, { actions }: Touched, remember: boolean): readonly Compare[] {
  const samples = samplesFor(succession, actions);
  const shared = samples('');
  return [...actions].map((action): Compare => {
    const reads = actionReads(action, succession);
    if (reads === null) {
      return (position) => compareAction(samples(position.member.id).get(action) ?? [], position);
    }
    // Nothing here reads who asks, so that anybody's questions are everybody's.
    const questions = shared.get(action) ?? [];
    return remembering(remember ? reads : null, (position) => compareAction(questions, position));
  });
}

/** An action reads all of its perks, also those that the candidate does not touch. */
function unreadPerks({ after, before }: Succession, { perks, actions }: Touched): readonly string[] {
  const versions = [...before.versions, ...after.versions];
  const all = new Set(versions.flatMap((version) => [...version.cards.keys()]));
  const read = new Set(perks);
  for (const { cards } of versions)
    for (const card of cards.values()) if (card.actions.some(({ action }) => actions.has(action))) read.add(card.id);
  return [...all].filter((perk) => !read.has(perk));
}
