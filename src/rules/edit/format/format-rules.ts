import { blankLines } from './blank-lines.ts';
import { flowSpaces } from './flow-spaces.ts';
import { indentation } from './indentation.ts';
import { propertyOrder } from './property-order.ts';
import { readForFormat, saysTheSame } from './same-file.ts';

/** What is normalised, one after the other. */
const STEPS: readonly ((text: string) => string)[] = [
  (text) => text.replaceAll('\r\n', '\n'),
  flowSpaces,
  propertyOrder,
  indentation,
  blankLines,
];

/**
 * A rule file laid out as the guide has it. Throws `EditRefused` for what is no YAML. INVARIANT: it says the same as before, with
 * the same comments in the same order; a step after which it would not is left out.
 */
export function formatRules(text: string): string {
  readForFormat(text);
  return STEPS.reduce((before, step) => {
    const after = step(before);
    return after === before || saysTheSame(before, after) ? after : before;
  }, text);
}
