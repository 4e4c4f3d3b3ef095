import { foldUsage, KEPT_AS_GIVEN } from '../../domain/fold-usage.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Member } from '../../domain/member.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { membershipRules } from '../decisions/membership-rules.ts';
import { countingsOf } from './countings.ts';

/** The member with its old usage folded, where there is much of it: see `foldUsage`. Called wherever usage is written. */
export function foldMember(book: RuleBook, member: Member, now: Instant): Member {
  const long = Object.entries(member.usage).filter(([, entries]) => entries.length > KEPT_AS_GIVEN);
  const rules = membershipRules(book);
  if (long.length === 0 || rules === undefined) return member;
  const folded = long.map(
    ([perk, entries]) => [perk, foldUsage(entries, () => countingsOf(rules, member, perk), now)] as const,
  );
  if (folded.every(([perk, entries]) => entries === member.usage[perk])) return member;
  return { ...member, usage: { ...member.usage, ...Object.fromEntries(folded) } };
}
