import { didYouMean } from '../../../domain/did-you-mean.ts';
import { parseInstant } from '../../../domain/instant.ts';
import { listed } from '../../../domain/listed.ts';
import type { Path } from '../finding.ts';
import { operatorParts } from '../shape/operators.ts';
import type { DraftCondition } from './conditions.ts';
import { entries, type LintContext } from './context.ts';
import { valuesAt } from './fact-paths.ts';
import { type DraftComparison, lintOperands, operandsOf } from './operands.ts';
import { type Allowed, allows } from './values.ts';

/** Comparisons read what is there, compare it in a way that works, and with a value that it can have. */
export function lintComparisons(context: LintContext): void {
  for (const [name, condition] of entries(context.file.conditions)) {
    for (const [comparison, path] of comparisonsIn(condition, ['conditions', name]))
      lintComparison(context, comparison, path);
  }
}

export function* comparisonsIn(
  condition: DraftCondition | undefined,
  path: Path,
): Generator<readonly [DraftComparison, Path]> {
  if (condition === undefined) return;
  if ('all' in condition) yield* ofList(condition.all, [...path, 'all']);
  else if ('any' in condition) yield* ofList(condition.any, [...path, 'any']);
  else if ('not' in condition) yield* comparisonsIn(condition.not, [...path, 'not']);
  else if ('fact' in condition) yield [condition, path];
}

function* ofList(
  list: readonly (DraftCondition | undefined)[] | undefined,
  path: Path,
): Generator<readonly [DraftComparison, Path]> {
  for (const [index, each] of (list ?? []).entries()) yield* comparisonsIn(each, [...path, index]);
}

function lintComparison(context: LintContext, comparison: DraftComparison, path: Path): void {
  const { fact, path: where, operator, value } = comparison;
  const left =
    fact === undefined || where === undefined ? undefined : valuesAt(context, fact, where, [...path, 'path']);
  if (
    typeof value === 'object' &&
    value !== null &&
    'fact' in value &&
    value.fact !== undefined &&
    value.path !== undefined
  ) {
    valuesAt(context, value.fact, value.path, [...path, 'value', 'path']);
  }
  if (operator === undefined || value === undefined) return;
  if (!lintOperands(context, comparison, left ?? [], path) || left === undefined) return;
  const { base } = operatorParts(operator);
  if (base.startsWith('less') || base.startsWith('greater')) return;
  for (const [literal, at] of operandsOf(value, [...path, 'value'])) lintValue(context, comparison, left, literal, at);
}

/** A literal that the fact can never be, most often a slip of the pen: the condition would quietly never hold. */
function lintValue(
  { report }: LintContext,
  comparison: DraftComparison,
  left: readonly Allowed[],
  literal: unknown,
  path: Path,
): void {
  if (literal === null || left.length === 0 || left.some((allowed) => allows(allowed, literal))) return;
  const where = `\`${comparison.fact} ${comparison.path}\``;
  if (left.every((allowed) => allowed.type === 'instant')) {
    const instant = typeof literal === 'string' ? parseInstant(literal) : undefined;
    const hint = instant === undefined ? '' : `: write \`${instant}\``;
    report({ code: 'wrong_operand', message: `${where} is an instant in milliseconds since 1970${hint}`, path });
    return;
  }
  const values = left.flatMap((allowed) => allowed.values ?? []).map(String);
  const isTier =
    comparison.fact === 'member' || comparison.fact === 'term' ? /[tT]ier$/.test(comparison.path ?? '') : false;
  const types = [...new Set(left.map((allowed) => TYPE_NAMES[allowed.type ?? 'string']))].join(' or ');
  const message =
    values.length > 0
      ? `${where} is never \`${String(literal)}\`: it is ${listed(new Set(values))}`
      : `${where} is never \`${String(literal)}\`: it is ${types}`;
  const meant = didYouMean(String(literal), values);
  report({ code: isTier ? 'unknown_tier' : 'impossible_value', message, path, didYouMean: meant });
}

const TYPE_NAMES: Readonly<Record<NonNullable<Allowed['type']>, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: '`true` or `false`',
  instant: 'an instant',
};
