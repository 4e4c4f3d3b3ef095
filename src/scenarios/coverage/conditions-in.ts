import type { Condition } from '../../rules/compile/condition.ts';

/** The named conditions that a condition refers to, not those behind them. */
export function conditionsIn(condition: Condition): readonly string[] {
  if ('all' in condition) return condition.all.flatMap(conditionsIn);
  if ('any' in condition) return condition.any.flatMap(conditionsIn);
  if ('not' in condition) return conditionsIn(condition.not);
  return 'condition' in condition ? [condition.condition] : [];
}
