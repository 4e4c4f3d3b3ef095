import { didYouMean } from '../domain/did-you-mean.ts';
import { Problem } from '../domain/problem.ts';
import type { RuleBook, RuleSet } from '../rules/rule-set.ts';

/** The rule set of this id, or the problem `unknown_rule_set`. */
export function ruleSetNamed(book: RuleBook, id: string): RuleSet {
  const ruleSet = book.ruleSets.get(id);
  if (ruleSet !== undefined) return ruleSet;
  const meant = didYouMean(id, book.ruleSets.keys());
  throw new Problem(
    'unknown_rule_set',
    `there is no rule set \`${id}\``,
    meant === undefined ? {} : { didYouMean: meant },
  );
}
