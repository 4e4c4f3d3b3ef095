import { didYouMean, listed } from '../../domain/did-you-mean.ts';
import { Problem } from '../../domain/problem.ts';
import type { RuleBook, RuleSet } from '../../rules/rule-set.ts';

/** The rule set of this id, or the problem `unknown_rule_set`. `field`: where the id was given. */
export function ruleSetNamed(book: RuleBook, id: string, field?: string): RuleSet {
  const ruleSet = book.ruleSets.get(id);
  if (ruleSet !== undefined) return ruleSet;
  const meant = didYouMean(id, book.ruleSets.keys());
  throw new Problem('unknown_rule_set', `there is no rule set \`${id}\`; there is ${listed(book.ruleSets.keys())}`, {
    ...(field === undefined ? {} : { field }),
    ...(meant === undefined ? {} : { didYouMean: meant }),
  });
}
