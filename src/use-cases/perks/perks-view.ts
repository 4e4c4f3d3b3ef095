import { earliest } from '../../decide/earliest.ts';
import { extrasChangeAt } from '../../decide/judge.ts';
import { newest, nextVersionAt, pickVersion } from '../../decide/pick-version.ts';
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
  /** Why nothing more of it is to be had; null where something is, or where that depends on what is asked for. */
  readonly lacks: string | null;
  /** For all instants from `at` until then the perk is the same, as long as no fact changes; null: for good. */
  readonly until: Instant | null;
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

export function perkView(outlook: Outlook, card: Card): PerkView {
  const { ruleSet, version, standing, member, user, at } = outlook;
  const frame = new QuestionFrame(version, bareQuestion(user, ''), member, standing);
  const verb = mainVerb(card);
  const { values, facts, until } = card.kind.find({ member, standing, at, amount: 1, frame }, verb);
  frame.perk[card.id] = facts;
  const isTable = card.kind.name === 'table';
  const moves = earliest(standing.changesAt, nextVersionAt(ruleSet, at));
  return {
    card,
    values,
    rows: isTable ? card.kind.planned(judgingRank(standing, card.afterEnd)) : null,
    lacks: isTable ? lacksRows(card, standing) : failing(version, card, verb, frame),
    until: earliest(earliest(until, extrasChangeAt(member, card.id, at)), moves),
  };
}

/** The code of the first gate of this perk that does not hold. A limit is not reached while nothing in particular is asked. */
function failing(version: Version, card: Card, verb: Verb, frame: QuestionFrame): string | null {
  const action = card.actions.find((each) => each.verb === verb)?.action;
  const parts = action === undefined ? undefined : version.actions.get(action)?.parts;
  const gates = parts?.find((part) => part.card.id === card.id)?.gates ?? [];
  return gates.find((gate) => gate.code !== 'limit_exceeded' && !gate.holds(frame))?.code ?? null;
}

/** The gates of a table judge one row; that there is none with anything in it is for all of them. */
function lacksRows({ kind, afterEnd }: Card, standing: Standing): string | null {
  const has = (rank: number) => Object.values(kind.planned(rank) ?? {}).some((amount) => amount !== 0);
  if (has(judgingRank(standing, afterEnd))) return null;
  return standing.pastRanks.some(has) ? 'membership_ended' : 'not_in_plan';
}

/** What one gets a perk for: adding or using it rather than showing what one has. */
export function mainVerb({ actions }: Card): Verb {
  const verbs = actions.map(({ verb }) => verb);
  return verbs.find((verb) => verb === 'add' || verb === 'use') ?? verbs[0] ?? 'use';
}
