import type { Instant } from '../domain/instant.ts';
import type { Member } from '../domain/member.ts';
import type { Question } from '../domain/question.ts';
import { type Condition, compileCondition } from '../rules/compile/condition.ts';
import type { Frame } from '../rules/compile/frame.ts';
import type { Card, Gate, Part } from '../rules/rule-set.ts';
import type { Judging } from './decide.ts';
import { QuestionFrame } from './question-frame.ts';

/** A gate of an action in the order in which it is judged. */
export interface OrderedGate {
  readonly gate: Gate;
  /** The perk whose requirement it is; null for a check of `rules:`. */
  readonly card: Card | null;
  /** The condition without which the perk takes no part; null where it always does. */
  readonly when: Part['when'];
}

/** All gates of an action in the order in which `judge` asks them, also those after the first that fails. */
export function gatesOf({ version, action }: Pick<Judging, 'version' | 'action'>): readonly OrderedGate[] {
  const firsts = action.parts.flatMap(({ card, when, first }) => (first === null ? [] : [{ gate: first, card, when }]));
  const known = version.unknownUser === 'deny' ? [{ gate: KNOWN_USER, card: null, when: null }] : [];
  const checks = action.checks.map((gate) => ({ gate, card: null, when: null }));
  const rest = action.parts.flatMap(({ card, when, gates }) => gates.map((gate) => ({ gate, card, when })));
  return [...firsts, ...known, ...checks, ...rest];
}

/** The condition for taking part in a gate, among the rules of an engine that judges the gates too. */
export function whenName({ name }: Gate): string {
  return `when ${name}`;
}

/** `unknownUser: deny` as a gate, for explaining: who is no user is not asked for. */
const IS_KNOWN: Condition = {
  any: [
    { fact: 'member', path: '$.known', operator: 'equal', value: true },
    { fact: 'subject', path: '$.type', operator: 'notEqual', value: 'user' },
  ],
};
const KNOWN_USER: Gate = {
  name: 'unknown_user',
  code: 'unknown_user',
  says: null,
  title: 'Known users only',
  condition: IS_KNOWN,
  named: {},
  holds: compileCondition(IS_KNOWN, {}),
};

/** The facts that all gates of an action compare, for one asker: for explaining, where no gate may be left out. */
export function frameOf(
  { version, action, standing }: Judging,
  question: Question,
  member: Member | undefined,
  at: Instant,
): Frame {
  const frame = new QuestionFrame(version, question, member, standing);
  const asker = { member, standing, at, amount: question.amount, frame };
  for (const part of action.parts) frame.perk[part.card.id] = part.card.kind.find(asker, part.verb).facts;
  return frame;
}
