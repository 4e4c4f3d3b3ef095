import type { Attribute } from '../../domain/member.ts';
import { Problem } from '../../domain/problem.ts';
import type { Question } from '../../domain/question.ts';
import { readKeys } from '../../rules/compile/frame.ts';
import type { Action } from '../../rules/rule-set.ts';
import { pointerToken } from '../schema-problem.ts';

const LONGEST_TEXT = 1000;
const LONGEST_LIST = 100;

/** What the answer repeats of a question is stored with every consume, and so has a bound that other claims do not have. */
export function checkRepeated(action: Action, question: Question): void {
  for (const { card } of action.parts) {
    for (const { fact, keys } of [...card.kind.claims, ...card.echoed]) {
      const why = whyTooLarge(readKeys(question[fact], keys));
      if (why === undefined) continue;
      throw new Problem(
        'invalid_field',
        `\`${fact}.${keys.join('.')}\` ${why}: the answer repeats it, so it must be short`,
        { field: `/${fact}/${keys.map(pointerToken).join('/')}` },
      );
    }
  }
}

/** What is no scalar and no list of scalars is not repeated, either. */
function whyTooLarge(value: Attribute): string | undefined {
  if (typeof value === 'string') {
    return value.length > LONGEST_TEXT ? `has more than ${LONGEST_TEXT} characters` : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (value.length > LONGEST_LIST) return `has more than ${LONGEST_LIST} items`;
  return value.map(whyTooLarge).find((each) => each !== undefined);
}
