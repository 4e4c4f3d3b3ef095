import type { Instant } from '../domain/instant.ts';
import type { Member } from '../domain/member.ts';
import type { Question } from '../domain/question.ts';
import type { Frame } from '../rules/frame.ts';
import type { Action, Card, Gate, Part } from '../rules/rule-set.ts';
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

/** All gates of an action, also those after the first that fails. */
export function gatesOf(action: Action): readonly OrderedGate[] {
  const firsts = action.parts.flatMap(({ card, when, first }) => (first === null ? [] : [{ gate: first, card, when }]));
  const checks = action.checks.map((gate) => ({ gate, card: null, when: null }));
  const rest = action.parts.flatMap(({ card, when, gates }) => gates.map((gate) => ({ gate, card, when })));
  return [...firsts, ...checks, ...rest];
}

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
