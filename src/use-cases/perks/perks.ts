import { decide } from '../../decide/decide.ts';
import type { Membership } from '../../domain/decision.ts';
import type { Facts } from '../../domain/facts.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Action, Card, RuleBook } from '../../rules/rule-set.ts';
import type { Answer } from '../decisions/ask.ts';
import { type AskedForUser, findOutlook, type PerksPorts } from './find-outlook.ts';
import { bareQuestion, type Outlook, type PerkView, perkView } from './perks-view.ts';

/** Everything a member has. */
export interface Perks {
  readonly user: string;
  readonly at: Instant;
  /** Null where the facts cannot be read or no rule set has tiers. */
  readonly outlook: Outlook | null;
  readonly membership: Membership | null;
  /** In file order; the values are null where the facts cannot be read. */
  readonly perks: readonly { readonly card: Card; readonly view: PerkView | null }[];
  /** Every action that needs no input and no resource, in file order. */
  readonly decisions: readonly Answer[];
  readonly degraded: boolean;
}

/**
 * Every perk with its values, and the decision of each action that needs no input. A user whom nobody has written about is answered
 * as what they are: somebody without a membership.
 */
export async function perks(ports: PerksPorts, book: RuleBook, asked: AskedForUser): Promise<Perks> {
  const { user } = asked;
  const found = await findOutlook(ports, book, asked);
  if (found === undefined) {
    const at = asked.at ?? ports.clock.now();
    return { user, at, outlook: null, membership: null, perks: [], decisions: [], degraded: false };
  }
  const { outlook, facts } = found;
  const { at } = outlook;
  const unreachable = facts.state === 'unreachable';
  return {
    user,
    at,
    outlook: unreachable ? null : outlook,
    membership: unreachable ? 'unknown' : outlook.standing.membership,
    perks: [...outlook.version.cards.values()].map((card) => ({
      card,
      view: unreachable ? null : perkView(outlook, card),
    })),
    decisions: [...outlook.version.actions.values()]
      .filter(needsNothing)
      .map((action) => answered(outlook, action, facts)),
    degraded: facts.state !== 'fresh',
  };
}

function needsNothing({ input, resource }: Action): boolean {
  return resource === null && Object.values(input).every((spec) => spec.default !== undefined);
}

function answered({ ruleSet, user, at }: Outlook, action: Action, facts: Facts): Answer {
  const defaults = Object.fromEntries(Object.entries(action.input).map(([name, spec]) => [name, spec.default]));
  const question = bareQuestion(user, action.id, defaults);
  return {
    decision: decide({ ruleSet, facts, question, now: at }),
    asked: { question, ruleSetId: ruleSet.id, at, minRevision: undefined, detail: 'full' },
    at,
    ruleSet,
  };
}
