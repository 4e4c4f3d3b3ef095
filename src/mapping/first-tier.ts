import { newest } from '../decide/pick-version.ts';
import type { RuleBook } from '../rules/rule-set.ts';
import { membershipRules } from '../use-cases/decisions/membership-rules.ts';

/** Whether it is the tier of who has no term. */
export function isFirstTier(book: RuleBook, tier: string): boolean {
  const rules = membershipRules(book);
  return rules !== undefined && newest(rules).tiers[0]?.id === tier;
}
