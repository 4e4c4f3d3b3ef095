import { parseInstant } from '../../../domain/instant.ts';
import type { Comparison } from '../../../generated/rule-file.ts';
import type { Path } from '../finding.ts';
import { operatorParts } from '../shape/operators.ts';
import type { Draft } from '../shape/shape.ts';
import type { LintContext } from './context.ts';
import type { Allowed } from './values.ts';

export type DraftComparison = Draft<Comparison>;

const OF_LISTS = ['someValue', 'everyValue'];
const NUMERIC = ['lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive'];

/**
 * What an operator of json-rules-engine is given it can work with. Without this it would throw for some questions, or
 * quietly never hold: `in` with a text looks for a part of it, and texts are compared letter by letter.
 * Returns whether the comparison makes sense.
 */
export function lintOperands(
  context: LintContext,
  comparison: DraftComparison,
  left: readonly Allowed[],
  path: Path,
): boolean {
  const { operator = '', value } = comparison;
  const { decorators, base } = operatorParts(operator);
  const wrong = (message: string, at: 'operator' | 'value' | 'path'): boolean => {
    context.report({ code: 'wrong_operand', message, path: [...path, at] });
    return false;
  };
  const isIn = base === 'in' || base === 'notIn';
  const listWords = decorators.filter((each) => OF_LISTS.includes(each));
  const takesFactList = decorators.includes('someFact') || decorators.includes('everyFact');
  const swaps = decorators.includes('swap');
  if (isIn && (listWords.length > 0 || swaps)) {
    return wrong(
      `\`${operator}\` does not work: \`${base}\` goes through a list itself, so leave out what stands before it`,
      'operator',
    );
  }
  if (swaps && listWords.length > 0)
    return wrong(`\`${operator}\` does not work: \`swap:\` and \`${listWords[0]}:\` exclude each other`, 'operator');
  const isList = Array.isArray(value);
  if ((isIn || listWords.length > 0) && !isList) {
    return wrong(`\`${operator}\` needs a list of values in brackets: \`[web, ios]\``, 'value');
  }
  if (isIn || listWords.length > 0) {
    if ((value as readonly unknown[]).length === 0)
      return wrong('this list is empty, so nothing can be in it', 'value');
  } else if (isList && !swaps) {
    return wrong(`\`${operator}\` compares with one value, not with a list: \`in\` looks in a list`, 'value');
  }
  const isFactList = left.length === 0 || left.some((allowed) => allowed.list === true);
  if ((takesFactList || (base.includes('ontain') && !swaps && !takesFactList)) && !isFactList) {
    return wrong(
      `\`${operator}\` looks into a list, and \`${comparison.fact} ${comparison.path}\` is a single value`,
      'path',
    );
  }
  if (
    !takesFactList &&
    !base.includes('ontain') &&
    !swaps &&
    left.length > 0 &&
    left.every((allowed) => allowed.list === true)
  ) {
    return wrong(
      `\`${comparison.fact} ${comparison.path}\` is a list: use \`contains\`, or put \`someFact:\` before the operator`,
      'operator',
    );
  }
  return NUMERIC.includes(base) ? lintNumbers(comparison, left, path, wrong, context) : true;
}

function lintNumbers(
  { value, operator, fact, path: where }: DraftComparison,
  left: readonly Allowed[],
  path: Path,
  wrong: (message: string, at: 'path') => boolean,
  { report }: LintContext,
): boolean {
  const hasNumbers =
    left.length === 0 ||
    left.some(({ type, values }) =>
      type === undefined
        ? values === undefined || values.some((each) => typeof each === 'number')
        : type !== 'string' && type !== 'boolean',
    );
  if (!hasNumbers) return wrong(`\`${operator}\` compares numbers, and \`${fact} ${where}\` is none`, 'path');
  for (const [literal, at] of operandsOf(value, [...path, 'value'])) {
    if (typeof literal === 'number') continue;
    const instant = typeof literal === 'string' ? parseInstant(literal) : undefined;
    const hint =
      instant === undefined
        ? 'write a number, without quotes'
        : `instants are milliseconds since 1970: write \`${instant}\``;
    report({
      code: 'wrong_operand',
      message: `\`${operator}\` compares numbers, and \`${String(literal)}\` is none: ${hint}`,
      path: at,
    });
    return false;
  }
  return true;
}

/** The literals that a comparison compares with, each with its place. */
export function operandsOf(value: DraftComparison['value'], path: Path): readonly (readonly [unknown, Path])[] {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return list.flatMap((each, index) => (each === undefined ? [] : [[each, [...path, index]] as const]));
  }
  return typeof value === 'object' && value !== null ? [] : [[value, path]];
}
