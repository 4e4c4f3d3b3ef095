import { newest, pickVersion } from '../../decide/pick-version.ts';
import { QuestionFrame } from '../../decide/question-frame.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Member } from '../../domain/member.ts';
import type { KindValues, Verb } from '../../domain/perk.ts';
import type { Question } from '../../domain/question.ts';
import { type Standing, standingAt } from '../../domain/standing.ts';
import { judgingRank } from '../../rules/kinds/access.ts';
import type { Planned } from '../../rules/kinds/kind.ts';
import type { Card, RuleSet, Version } from '../../rules/rule-set.ts';

/** Where a member stands and which version judges, before any action is asked about. */
export interface Outlook {
  readonly ruleSet: RuleSet;
  readonly version: Version;
  readonly standing: Standing;
  readonly member: Member | undefined;
  readonly user: string;
  readonly at: Instant;
}

/** One perk as it is for one member. */
export interface PerkView {
  readonly card: Card;
  /** A limit's `asked` and a table's `key` say nothing here: nothing in particular was asked. */
  readonly values: KindValues;
  /** A table's amounts by row; else null. */
  readonly rows: Planned | null;
}

export function outlookAt(ruleSet: RuleSet, user: string, member: Member | undefined, at: Instant): Outlook {
  const standing = standingAt(member, at, newest(ruleSet).rankOf);
  return { ruleSet, version: pickVersion(ruleSet, standing, at), standing, member, user, at };
}

/** A question for an action that needs no input and no resource, as this user would ask it. */
export function bareQuestion(user: string, action: string, input: Question['input'] = {}): Question {
  return {
    subject: { type: 'user', id: user, properties: {} },
    action,
    input,
    resource: null,
    context: {},
    amount: 1,
  };
}

export function perkView({ version, standing, member, user, at }: Outlook, card: Card): PerkView {
  const frame = new QuestionFrame(version, bareQuestion(user, ''), member, standing);
  const { values } = card.kind.find({ member, standing, at, amount: 1, frame }, mainVerb(card));
  const rows = card.kind.name === 'table' ? card.kind.planned(judgingRank(standing, card.afterEnd)) : null;
  return { card, values, rows };
}

/** What one gets a perk for: adding or using it rather than showing what one has. */
export function mainVerb({ actions }: Card): Verb {
  const verbs = actions.map(({ verb }) => verb);
  return verbs.find((verb) => verb === 'add' || verb === 'use') ?? verbs[0] ?? 'use';
}
