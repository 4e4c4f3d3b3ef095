import { newest, pickVersion } from '../../../decide/pick-version.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Member } from '../../../domain/member.ts';
import { type Standing, standingAt } from '../../../domain/standing.ts';
import type { RuleSet, Version } from '../../../rules/rule-set.ts';
import type { Succession } from '../succession.ts';

/** One member at one instant, as one of the two rule sets sees them. */
export interface Side {
  readonly version: Version;
  readonly standing: Standing;
}

/** One member at one instant, without and with the candidate. */
export interface Position {
  readonly member: Member;
  readonly at: Instant;
  readonly before: Side;
  readonly after: Side;
}

/** Finds where members stand and which versions judge them, by `decide`'s own machinery. */
export function positionsIn({ before, after }: Succession): (member: Member, at: Instant) => Position {
  const [old, now] = [newest(before), newest(after)];
  const sameTiers =
    old.tiers.length === now.tiers.length && old.tiers.every(({ id }, rank) => id === now.tiers[rank]?.id);
  return (member, at) => {
    const standing = standingAt(member, at, now.rankOf);
    return {
      member,
      at,
      before: sideOf(before, sameTiers ? standing : standingAt(member, at, old.rankOf), at),
      after: sideOf(after, standing, at),
    };
  };
}

function sideOf(ruleSet: RuleSet, standing: Standing, at: Instant): Side {
  return { version: pickVersion(ruleSet, standing, at), standing };
}

/**
 * A number for everything in a position that comes from terms and versions: positions with the same number have the same tiers, the
 * same versions, and end and begin alike as far as perks can tell. Dates are left out: what reads them is a `Read`.
 */
export function positionNumbers(): (position: Position) => number {
  const versions = new WeakMap<Version, number>();
  const numbers = new Map<string, number>();
  let seen = 0;
  const numberOf = (version: Version) => {
    const known = versions.get(version) ?? ++seen;
    versions.set(version, known);
    return known;
  };
  let given = 0;
  return ({ before, after }) => {
    const key = `${numberOf(before.version)} ${numberOf(after.version)} ${after.standing.membership} ${ranksOf(after.standing)}${
      before.standing === after.standing ? '' : ` ${ranksOf(before.standing)}`
    }`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    // INVARIANT: numbers are never given twice, so that forgetting only costs time.
    if (numbers.size >= MOST_NUMBERS) numbers.clear();
    numbers.set(key, ++given);
    return given;
  };
}

const MOST_NUMBERS = 50_000;

function ranksOf({ rank, lastRank, pastRanks }: Standing): string {
  const past = pastRanks.length < 2 ? pastRanks : [...new Set(pastRanks)].sort();
  return `${rank} ${lastRank} ${past}`;
}
