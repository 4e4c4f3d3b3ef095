import type { Frame } from '../rules/compile/frame.ts';
import type { Answer } from '../rules/rule-set.ts';

/** What a rule set's `answers` say on an allow: of each, the first case that holds. Null where none says anything. */
export function answersOf(answers: readonly Answer[], frame: Frame): Readonly<Record<string, unknown>> | null {
  let said: Record<string, unknown> | null = null;
  for (const answer of answers) {
    const matching = answer.cases.find((each) => each.holds(frame));
    if (matching === undefined) continue;
    said ??= {};
    said[answer.key] = matching.value;
  }
  return said;
}
