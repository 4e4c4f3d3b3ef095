import type { ValidateFunction } from 'ajv';
import type { Action, InputSpec } from '../../rules/rule-set.ts';
import { compileSchemaObject } from '../schema.ts';
import { schemaProblem } from '../schema-problem.ts';

type Input = Readonly<Record<string, unknown>>;

const NO_INPUT: Input = Object.freeze({});
const checks = new WeakMap<Action, ValidateFunction<Input>>();

/**
 * The input of a question as the action declares it, defaults filled in. Throws a `Problem` for a value that is missing,
 * unwanted or wrong; an action that declares none takes none.
 */
export function checkInput(action: Action, given: Input | undefined): Input {
  const input = withDefaults(action, given ?? NO_INPUT);
  const isInput = checkOf(action);
  if (!isInput(input)) throw schemaProblem(isInput.errors, '/input');
  return input;
}

function withDefaults(action: Action, given: Input): Input {
  let filled: Record<string, unknown> | undefined;
  for (const [name, spec] of Object.entries(action.input)) {
    if (spec.default === undefined || Object.hasOwn(given, name)) continue;
    filled ??= { ...given };
    filled[name] = spec.default;
  }
  return filled ?? given;
}

/** Compiled when an action is first asked for, and gone with its rule set. */
function checkOf(action: Action): ValidateFunction<Input> {
  let check = checks.get(action);
  if (check === undefined) {
    check = compileSchemaObject<Input>(schemaOf(action));
    checks.set(action, check);
  }
  return check;
}

function schemaOf(action: Action): object {
  const required = Object.keys(action.input).filter((name) => action.input[name]?.default === undefined);
  return {
    type: 'object',
    additionalProperties: false,
    required,
    properties: Object.fromEntries(Object.entries(action.input).map(([name, spec]) => [name, propertySchema(spec)])),
  };
}

function propertySchema({ title: _title, default: _default, ...keywords }: InputSpec): object {
  // Beyond this a whole number is not told apart from its neighbours.
  if (keywords.type === 'integer') {
    return { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER, ...keywords };
  }
  // A text without a bound could be as long as the body; a thousand characters are more than any rule compares.
  return keywords.type === 'string' && keywords.maxLength === undefined ? { ...keywords, maxLength: 1000 } : keywords;
}
