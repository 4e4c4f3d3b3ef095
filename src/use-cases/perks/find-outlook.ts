import type { Facts } from '../../domain/facts.ts';
import type { Instant } from '../../domain/instant.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { membershipRules } from '../decisions/membership-rules.ts';
import type { Clock, FactsReader, MaybePromise } from '../ports.ts';
import { type Outlook, outlookAt } from './perks-view.ts';

export interface PerksPorts {
  readonly facts: FactsReader;
  readonly clock: Clock;
}

export interface AskedForUser {
  readonly user: string;
  /** Now, where absent. */
  readonly at?: Instant | undefined;
  readonly minRevision?: number | undefined;
}

export interface FoundOutlook {
  /** That of a stranger where the facts cannot be read. */
  readonly outlook: Outlook;
  readonly facts: Facts;
}

/** Where a user stands, as far as that can be read; undefined where no rule set has tiers. At once where the facts are at hand. */
export function findOutlook(
  { facts, clock }: PerksPorts,
  book: RuleBook,
  { user, at, minRevision }: AskedForUser,
): MaybePromise<FoundOutlook | undefined> {
  const ruleSet = membershipRules(book);
  if (ruleSet === undefined) return undefined;
  const found = (known: Facts): FoundOutlook => {
    const member = known.state === 'unreachable' ? undefined : known.member;
    return { outlook: outlookAt(ruleSet, user, member, at ?? clock.now()), facts: known };
  };
  const known = facts.read(user, minRevision);
  return known instanceof Promise ? known.then(found) : found(known);
}
