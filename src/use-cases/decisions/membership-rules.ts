import { newest } from '../../decide/pick-version.ts';
import type { KindName } from '../../domain/perk.ts';
import type { Card, RuleBook, RuleSet } from '../../rules/rule-set.ts';

/** The rule set with tiers: at most one is ever loaded. */
export function membershipRules(book: RuleBook): RuleSet | undefined {
  for (const ruleSet of book.ruleSets.values()) if (newest(ruleSet).tiers.length > 0) return ruleSet;
  return undefined;
}

/** The rank of a tier, 0 for one that is not known or where no tiers are loaded. */
export function rankOfTier(book: RuleBook): (tier: string) => number {
  const rules = membershipRules(book);
  return rules === undefined ? () => 0 : newest(rules).rankOf;
}

/** Every card of every version, newest first: members are judged by old versions too. */
export function allCards(book: RuleBook): readonly Card[] {
  const rules = membershipRules(book);
  return rules === undefined ? [] : rules.versions.toReversed().flatMap((version) => [...version.cards.values()]);
}

/** The perks that are or were of one of these kinds. */
export function perksOfKind(book: RuleBook, kinds: readonly KindName[]): ReadonlySet<string> {
  return new Set(
    allCards(book)
      .filter((card) => kinds.includes(card.kind.name))
      .map((card) => card.id),
  );
}

/** The holdings that some perk counts. */
export function holdingsOf(book: RuleBook): ReadonlySet<string> {
  return new Set(allCards(book).flatMap(({ kind }) => (kind.holds === undefined ? [] : [kind.holds])));
}
