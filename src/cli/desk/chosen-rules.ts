import type { RuleBook, RuleSet, Version } from '../../rules/rule-set.ts';
import { membershipRules } from '../../use-cases/decisions/membership-rules.ts';
import { ruleSetNamed } from '../../use-cases/decisions/rule-set-named.ts';
import { WrongUse } from '../frame/errors.ts';

/** The rule set of this name; without a name the only one there is, or the one with a membership in it. */
export function chosenRuleSet(book: RuleBook, name: string | undefined): RuleSet {
  if (name !== undefined) return ruleSetNamed(book, name);
  const [only, ...others] = book.ruleSets.values();
  const found = others.length === 0 ? only : membershipRules(book);
  if (found !== undefined) return found;
  const known = [...book.ruleSets.keys()].map((id) => `\`${id}\``).join(', ');
  throw new WrongUse(known === '' ? 'there are no rules' : `say which rule set: ${known}`);
}

/** The version with this number. */
export function versionNumbered({ id, versions }: RuleSet, number: string): Version {
  const found = versions.find((each) => String(each.ref.version) === number);
  if (found !== undefined) return found;
  const known = versions.map((each) => each.ref.version).join(', ');
  throw new WrongUse(`\`${id}\` has no version \`${number}\`; it has ${known}`);
}

/** The version that judges those who come new now. */
export function versionInForce({ versions }: RuleSet): Version | undefined {
  const now = Date.now();
  return versions.findLast((each) => each.from <= now) ?? versions[0];
}
