import { type Comparison, type Condition, isFactValue, type NamedConditions } from '../../rules/compile/condition.ts';
import { pathKeys } from '../../rules/compile/frame.ts';
import type { Action } from '../../rules/rule-set.ts';

/** Where a value is: `{fact: 'context', keys: ['ip']}`. */
export interface ReadPath {
  readonly fact: string;
  readonly keys: readonly string[];
}

/** All that may decide an action beside the numbers of its perks. */
export interface ActionReads {
  readonly comparisons: readonly Comparison[];
  /** What conditions compare, what perks measure and look up, and what they echo. */
  readonly paths: readonly ReadPath[];
  /** The stored facts about the user, by name. */
  readonly attributes: readonly string[];
}

const known = new WeakMap<Action, ActionReads>();

/** Found out once for each action, and gone with its rule set. */
export function actionReads(action: Action): ActionReads {
  let reads = known.get(action);
  if (reads === undefined) {
    reads = readsOf(action);
    known.set(action, reads);
  }
  return reads;
}

function readsOf({ checks, parts, answers }: Action): ActionReads {
  const comparisons = [
    ...checks.flatMap(({ condition, named }) => comparisonsIn(condition, named)),
    ...parts.flatMap(({ when }) => (when === null ? [] : comparisonsIn(when.condition, when.named))),
    ...answers.flatMap(({ cases, named }) => cases.flatMap(({ condition }) => comparisonsIn(condition, named))),
  ];
  const compared = comparisons.flatMap(({ fact, path, value }) => [
    { fact, keys: pathKeys(path) },
    ...(isFactValue(value) ? [{ fact: value.fact, keys: pathKeys(value.path) }] : []),
  ]);
  const stored = compared.flatMap(({ fact, keys: [first, name] }) =>
    fact === 'user' && first === 'attributes' && name !== undefined ? [name] : [],
  );
  return {
    comparisons,
    paths: [...compared, ...parts.flatMap(({ card }) => [...card.kind.claims, ...card.echoed])],
    attributes: [...new Set(stored)],
  };
}

function comparisonsIn(condition: Condition, named: NamedConditions): readonly Comparison[] {
  if ('all' in condition) return condition.all.flatMap((each) => comparisonsIn(each, named));
  if ('any' in condition) return condition.any.flatMap((each) => comparisonsIn(each, named));
  if ('not' in condition) return comparisonsIn(condition.not, named);
  if ('condition' in condition) {
    const target = named[condition.condition];
    return target === undefined ? [] : comparisonsIn(target, named);
  }
  return [condition];
}
