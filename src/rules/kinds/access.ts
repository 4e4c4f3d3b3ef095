import type { Instant } from '../../domain/instant.ts';
import type { Member } from '../../domain/member.ts';
import type { AfterEnd, KindName, Verb } from '../../domain/perk.ts';
import type { Standing } from '../../domain/standing.ts';
import type { Access, Requirement } from './kind.ts';

/** The rank whose numbers count, or -1 where a former member has nothing left of the perk. */
export function judgingRank(standing: Standing, afterEnd: AfterEnd): number {
  switch (standing.membership) {
    case 'active':
      return standing.rank;
    case 'none':
    case 'upcoming':
      return 0;
    case 'ended':
      switch (afterEnd) {
        case 'keeps':
          return standing.lastRank;
        case 'freeLevel':
          return 0;
        case 'frozen':
        case 'loses':
          return -1;
      }
  }
}

/**
 * Whether an action with this verb has the perk to work with: the table "what a verb means after the end".
 * `has` says whether a rank has the perk at all; `extra` is what the member was given on top, whatever the tier.
 */
export function accessTo(
  kind: KindName,
  verb: Verb,
  afterEnd: AfterEnd,
  standing: Standing,
  has: (rank: number) => boolean,
  extra: number,
): Access {
  if (isOpenToAll(kind, verb) || extra > 0) return 'granted';
  if (verb === 'show' && standing.membership === 'ended' && (afterEnd === 'keeps' || afterEnd === 'frozen'))
    return 'granted';
  const rank = judgingRank(standing, afterEnd);
  if (rank === -1) return 'membership_ended';
  if (has(rank)) return 'granted';
  return standing.pastRanks.some(has) ? 'membership_ended' : 'not_in_plan';
}

/** What is there may always be taken away, and a slot that is filled may always be used. */
export function isOpenToAll(kind: KindName, verb: Verb): boolean {
  return verb === 'remove' || (kind === 'slots' && verb === 'use');
}

/** Whether the numbers matter to this verb: only where something is added or used. */
export function isCounted(kind: KindName, verb: Verb): boolean {
  return (verb === 'add' || verb === 'use') && !isOpenToAll(kind, verb);
}

/** One requirement per reason, so that the gate that fails names its code. */
export function accessRequirements(perk: string, kind: KindName, verb: Verb): readonly Requirement[] {
  if (isOpenToAll(kind, verb)) return [];
  const codes: readonly Exclude<Access, 'granted'>[] = ['membership_ended', 'not_in_plan'];
  return codes.map((code) => ({
    code,
    condition: { all: [{ fact: 'perk', path: `$.${perk}.access`, operator: 'notEqual', value: code }] },
  }));
}

/** What extras of this perk add up to while they run. */
export function extraFor(member: Member | undefined, perk: string, at: Instant): number {
  if (member === undefined || member.extras.length === 0) return 0;
  let total = 0;
  for (const extra of member.extras) {
    if (extra.perk !== perk) continue;
    if (extra.from !== undefined && extra.from > at) continue;
    if (extra.until !== undefined && extra.until <= at) continue;
    total += extra.amount;
  }
  return total;
}
