import { isDeepStrictEqual } from 'node:util';
import type { Change } from '../../rules/diff/change.ts';
import { diffVersions } from '../../rules/diff/diff-versions.ts';
import type { Version } from '../../rules/rule-set.ts';

/** Both sides have touched the same thing and do not agree on it. */
export interface Conflict {
  readonly mine: Change;
  readonly theirs: Change;
}

/** What two people have made of the same version. */
export interface ThreeWay {
  /** The version that both began with. */
  readonly base: number;
  readonly newest: number;
  readonly mine: readonly Change[];
  readonly theirs: readonly Change[];
  readonly conflicts: readonly Conflict[];
}

/** By meaning: what can be done on top of each other is no conflict, however close together it stands in the file. */
export function threeWay(base: Version, draft: Version, newest: Version): ThreeWay {
  const mine = diffVersions(base, draft);
  const theirs = diffVersions(base, newest);
  const conflicts = mine.flatMap((own) =>
    theirs.filter((other) => isConflict(own, other)).map((other) => ({ mine: own, theirs: other })),
  );
  return { base: base.ref.version, newest: newest.ref.version, mine, theirs, conflicts };
}

function isConflict(mine: Change, theirs: Change): boolean {
  if (sameThing(mine, theirs)) return !(mine.what === theirs.what && isDeepStrictEqual(mine.to, theirs.to));
  return takesAway(mine, theirs) || takesAway(theirs, mine);
}

function sameThing(a: Change, b: Change): boolean {
  return a.what === b.what && a.perk === b.perk && a.action === b.action && a.tier === b.tier;
}

/** Whether one change removes what the other one is about. */
function takesAway(removing: Change, { perk, action, tier, what }: Change): boolean {
  if (removing.what !== 'removed' || what === 'removed') return false;
  if (removing.perk !== undefined) return removing.perk === perk;
  if (removing.action !== undefined) return removing.action === action;
  return removing.tier !== undefined && removing.tier === tier;
}
