import { speaksFor } from '../../domain/caller.ts';
import { didYouMean } from '../../domain/did-you-mean.ts';
import { listed } from '../../domain/listed.ts';
import { Problem } from '../../domain/problem.ts';
import type { RuleBook, RuleSet } from '../../rules/rule-set.ts';
import { notSpokenFor } from './not-spoken-for.ts';

/**
 * The rule set of this id. `field`: where the id was given. Problems: `unknown_rule_set`; `forbidden` where the book is kept for somebody who
 * does not speak for it.
 */
export function ruleSetNamed({ ruleSets, keptFor }: RuleBook, id: string, field?: string): RuleSet {
  const ruleSet = ruleSets.get(id);
  if (ruleSet !== undefined) return ruleSet;
  const at = field === undefined ? {} : { field };
  if (keptFor !== undefined && !speaksFor(keptFor, id)) throw notSpokenFor(keptFor, id, at);
  const meant = didYouMean(id, ruleSets.keys());
  const others = ruleSets.size === 0 ? '' : `; there is ${listed(ruleSets.keys())}`;
  throw new Problem('unknown_rule_set', `there is no rule set \`${id}\`${others}`, {
    ...at,
    ...(meant === undefined ? {} : { didYouMean: meant }),
  });
}
