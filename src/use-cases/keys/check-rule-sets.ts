import type { Scope } from '../../domain/caller.ts';
import { didYouMean } from '../../domain/did-you-mean.ts';
import { listed } from '../../domain/listed.ts';
import { Problem } from '../../domain/problem.ts';
import type { KeyRequest } from './make-key.ts';

/** What a key may do that makes a rule set. */
const MAKES_RULE_SETS: readonly Scope[] = ['rules:write', 'rules:publish'];

/**
 * Whether the rule sets that a key would be kept to are there. One that is not is a slip, unless the key may make it, or there are none at
 * all yet: that is a warning, which is returned. Problem: `unknown_rule_set`.
 */
export function checkRuleSets({ ruleSets, scopes }: KeyRequest, known: ReadonlySet<string>): string | undefined {
  const wanted = ruleSets ?? [];
  const missing = wanted.filter((id) => !known.has(id));
  const [first] = missing;
  if (first === undefined) return undefined;
  if (known.size === 0 || scopes.some((scope) => MAKES_RULE_SETS.includes(scope))) {
    return `there is no rule set ${listed(missing)} yet`;
  }
  const meant = didYouMean(first, known);
  const message = `there is no rule set \`${first}\`; there is ${listed(known)}. A key for one that is not there yet has ${listed(MAKES_RULE_SETS)}`;
  throw new Problem('unknown_rule_set', message, {
    field: `/ruleSets/${wanted.indexOf(first)}`,
    ...(meant === undefined ? {} : { didYouMean: meant }),
  });
}
