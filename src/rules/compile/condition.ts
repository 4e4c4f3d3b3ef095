import { Engine } from 'json-rules-engine';
import type { Scalar } from '../../domain/member.ts';
import { type FactName, type Frame, pathKeys, readKeys } from './frame.ts';

/** A json-rules-engine condition, as far as rule files may use that language. Each node has exactly one form. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly condition: string }
  | Comparison;

export interface Comparison {
  readonly fact: FactName;
  readonly path: string;
  readonly operator: string;
  readonly value: ComparedValue;
}

export type ComparedValue = Scalar | readonly Scalar[] | { readonly fact: FactName; readonly path: string };

export type NamedConditions = Readonly<Record<string, Condition>>;

/** A condition as one function. INVARIANT: agrees with json-rules-engine on every frame (proved by a property test). */
export type Predicate = (frame: Frame) => boolean;

const engine = new Engine();

/** An operator of the library: a check of the fact's type and a comparison. Its typings leave `evaluate` out. */
interface Operator {
  readonly name: string;
  evaluate(fact: unknown, value: unknown): unknown;
}

/** The operator of this name, decorators such as `not:` included, as json-rules-engine itself has it. */
export function operatorNamed(name: string): Operator | undefined {
  // The typings leave out the map in which the engine keeps its operators.
  const operators = (engine as unknown as { operators: { get(name: string): Operator | null } }).operators;
  return operators.get(name) ?? undefined;
}

/**
 * Compiles a condition to a closure that reads the frame directly: about 130 times faster than the engine.
 * Throws for an unknown operator or reference: lint has reported those before.
 */
export function compileCondition(condition: Condition, named: NamedConditions): Predicate {
  if ('all' in condition) return every(condition.all.map((each) => compileCondition(each, named)));
  if ('any' in condition) return some(condition.any.map((each) => compileCondition(each, named)));
  if ('not' in condition) {
    const inner = compileCondition(condition.not, named);
    return (frame) => !inner(frame);
  }
  if ('condition' in condition) {
    const target = Object.hasOwn(named, condition.condition) ? named[condition.condition] : undefined;
    if (target === undefined) throw new Error(`no condition is named \`${condition.condition}\``);
    return compileCondition(target, named);
  }
  return compileComparison(condition);
}

function every(parts: readonly Predicate[]): Predicate {
  const [first, second] = parts;
  if (first !== undefined && parts.length === 1) return first;
  if (first !== undefined && second !== undefined && parts.length === 2)
    return (frame) => first(frame) && second(frame);
  return (frame) => {
    for (const part of parts) if (!part(frame)) return false;
    return true;
  };
}

function some(parts: readonly Predicate[]): Predicate {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  return (frame) => {
    for (const part of parts) if (part(frame)) return true;
    return false;
  };
}

function compileComparison({ fact, path, operator: name, value }: Comparison): Predicate {
  const operator = operatorNamed(name);
  if (operator === undefined) throw new Error(`no operator is named \`${name}\``);
  const left = reader(fact, path);
  const right = isFactValue(value) ? reader(value.fact, value.path) : () => value;
  switch (name) {
    // The operators that nearly every gate uses, without the library's frame around them: the same comparison.
    case 'equal':
      return (frame) => left(frame) === right(frame);
    case 'notEqual':
      return (frame) => left(frame) !== right(frame);
    case 'lessThanInclusive':
      return (frame) => {
        const asked = left(frame);
        const limit = right(frame);
        return typeof asked === 'number' && typeof limit === 'number'
          ? asked <= limit
          : operator.evaluate(asked, limit) === true;
      };
    default:
      return (frame) => operator.evaluate(left(frame), right(frame)) === true;
  }
}

type Reader = (frame: Frame) => unknown;

/** Reads as the engine's path resolver does. What we made ourselves needs no guard: it has no property we did not give it. */
function reader(fact: FactName, path: string): Reader {
  const keys = pathKeys(path);
  return fact === 'perk' ? perkReader(keys) : (frame) => readKeys(frame[fact], keys);
}

function perkReader([perk = '', key = '', ...measure]: readonly string[]): Reader {
  if (measure.length === 0) return (frame) => frame.perk[perk]?.[key] ?? null;
  return (frame) => readKeys(frame.perk[perk]?.[key], measure);
}

export function isFactValue(value: ComparedValue): value is { readonly fact: FactName; readonly path: string } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Which facts a condition reads, through named conditions too. */
export function factsRead(condition: Condition, named: NamedConditions, found = new Set<FactName>()): Set<FactName> {
  if ('all' in condition) for (const each of condition.all) factsRead(each, named, found);
  else if ('any' in condition) for (const each of condition.any) factsRead(each, named, found);
  else if ('not' in condition) factsRead(condition.not, named, found);
  else if ('condition' in condition) {
    const target = named[condition.condition];
    if (target !== undefined) factsRead(target, named, found);
  } else {
    found.add(condition.fact);
    if (isFactValue(condition.value)) found.add(condition.value.fact);
  }
  return found;
}
