import { type Condition, isFactValue, type NamedConditions } from '../../../rules/compile/condition.ts';
import { type FactName, pathKeys } from '../../../rules/compile/frame.ts';
import type { Action } from '../../../rules/rule-set.ts';

/** One value that a condition reads. */
export interface FactPath {
  readonly fact: FactName;
  readonly keys: readonly string[];
}

/** The conditions of a rule file by which an action is allowed or not. What its `answers` say allows nothing. */
export function conditionsOf({ checks, parts }: Action): readonly Condition[] {
  return [
    ...checks.map(({ condition }) => condition),
    ...parts.flatMap(({ when }) => (when === null ? [] : [when.condition])),
  ];
}

/** What a condition reads, through named conditions too. */
export function pathsRead(condition: Condition, named: NamedConditions): readonly FactPath[] {
  if ('all' in condition) return condition.all.flatMap((each) => pathsRead(each, named));
  if ('any' in condition) return condition.any.flatMap((each) => pathsRead(each, named));
  if ('not' in condition) return pathsRead(condition.not, named);
  if ('condition' in condition) {
    const target = named[condition.condition];
    return target === undefined ? [] : pathsRead(target, named);
  }
  const { fact, path, value } = condition;
  return [
    { fact, keys: pathKeys(path) },
    ...(isFactValue(value) ? [{ fact: value.fact, keys: pathKeys(value.path) }] : []),
  ];
}
