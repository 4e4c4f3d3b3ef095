import type { Comparison, Condition, NamedConditions } from '../../rules/compile/condition.ts';

/** The comparisons that a condition itself makes, in the order of the text: not those of the conditions that it names. */
export function leavesOf(condition: Condition): readonly Comparison[] {
  if ('all' in condition) return condition.all.flatMap(leavesOf);
  if ('any' in condition) return condition.any.flatMap(leavesOf);
  if ('not' in condition) return leavesOf(condition.not);
  return 'condition' in condition ? [] : [condition];
}

/** The comparisons that are branches of a condition: of one that only makes one comparison, the whole says as much. */
export function branchesOf(condition: Condition): readonly Comparison[] {
  return parts(condition) === 1 ? [] : leavesOf(condition);
}

function parts(condition: Condition): number {
  if ('all' in condition) return condition.all.reduce((sum, each) => sum + parts(each), 0);
  if ('any' in condition) return condition.any.reduce((sum, each) => sum + parts(each), 0);
  return 'not' in condition ? parts(condition.not) : 1;
}

/** `resource.attributes.owner equal subject.id`, for people. */
export function comparisonText({ fact, path, operator, value }: Comparison): string {
  const isFact = typeof value === 'object' && value !== null && 'fact' in value;
  const right = isFact ? `${value.fact}${value.path.slice(1)}` : JSON.stringify(value);
  return `${fact}${path.slice(1)} ${operator} ${right}`;
}

/** A condition with what its references name in their place. */
export function expanded(condition: Condition, named: NamedConditions): unknown {
  if ('all' in condition) return { all: condition.all.map((each) => expanded(each, named)) };
  if ('any' in condition) return { any: condition.any.map((each) => expanded(each, named)) };
  if ('not' in condition) return { not: expanded(condition.not, named) };
  if (!('condition' in condition)) return condition;
  const target = Object.hasOwn(named, condition.condition) ? named[condition.condition] : undefined;
  return target === undefined ? condition : expanded(target, named);
}
