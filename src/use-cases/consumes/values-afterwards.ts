import type { Judging } from '../../decide/decide.ts';
import { valuesOf } from '../../decide/judge.ts';
import { QuestionFrame } from '../../decide/question-frame.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Member } from '../../domain/member.ts';
import type { PerkValues } from '../../domain/perk.ts';
import type { Question } from '../../domain/question.ts';

/**
 * The values of the perks that took part in a decision, for the member as it is now. Not another decision: that would stop at the
 * first perk which is used up by now.
 */
export function valuesAfterwards(
  { version, action, standing }: Judging,
  question: Question,
  member: Member,
  at: Instant,
  tookPart: Decision['values'],
): Decision['values'] {
  const frame = new QuestionFrame(version, question, member, standing);
  const asker = { member, standing, at, amount: question.amount, frame };
  const values: Record<string, PerkValues> = {};
  for (const { card, verb } of action.parts) {
    if (Object.hasOwn(tookPart, card.id)) values[card.id] = valuesOf(card, card.kind.find(asker, verb), frame);
  }
  return values;
}
