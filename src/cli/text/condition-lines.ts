import { conditionText, simplified } from '../../api/decisions/condition-text.ts';
import type { JudgedCondition } from '../../rules/compile/engine.ts';
import type { Colours } from '../frame/terminal.ts';

/** A judged condition as a tree of lines, each with what was read, what it was compared with and whether it held. */
export function conditionLines(node: JudgedCondition, colours: Colours): readonly string[] {
  const plain = simplified(node);
  const mark = plain.result ? colours.green('✓') : colours.red('✗');
  if (isOneLine(plain)) return [`${mark} ${conditionText(plain)}`];
  const { name, ...unnamed } = plain;
  const inner = name === undefined ? plain : simplified(unnamed);
  return [
    `${mark} ${headOf(plain, inner)}`,
    ...partsOf(inner).flatMap((part) => indented(conditionLines(part, colours))),
  ];
}

/** Whether it is one comparison, by its name or not, and may be negated. */
function isOneLine(node: JudgedCondition): boolean {
  const parts = partsOf(node);
  const [first] = parts;
  return first === undefined || (parts.length === 1 && isOneLine(first));
}

function headOf({ name }: JudgedCondition, inner: JudgedCondition): string {
  const kind = inner.any === undefined ? (inner.not === undefined ? 'all of' : 'not') : 'any of';
  return name === undefined ? kind : `${name}: ${kind}`;
}

function partsOf({ all, any, not }: JudgedCondition): readonly JudgedCondition[] {
  return all ?? any ?? (not === undefined ? [] : [not]);
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
