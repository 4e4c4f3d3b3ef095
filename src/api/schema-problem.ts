import type { ErrorObject } from 'ajv';
import { didYouMean } from '../domain/did-you-mean.ts';
import { inCode } from '../domain/listed.ts';
import { Problem, type ProblemCode, type ProblemDetails } from '../domain/problem.ts';

/**
 * The first error of a check as a problem: what is wrong, the JSON pointer to it, and what was probably meant.
 * `under`: the pointer of the checked value; `known`: the names that are possible where a name is unknown.
 */
export function schemaProblem(errors: readonly ErrorObject[] | null | undefined, under = ''): Problem {
  const [error] = errors ?? [];
  if (error === undefined) return new Problem('invalid_field', 'the value is not understood', { field: under });
  const at = under + error.instancePath;
  const make = (code: ProblemCode, field: string, message: string, details: ProblemDetails = {}) =>
    new Problem(code, message, { ...details, field: shortened(field, LONGEST_POINTER) });
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(error.params.additionalProperty);
      const known = Object.keys((error.parentSchema?.properties as object | undefined) ?? {});
      const meant = didYouMean(name, known);
      const message =
        known.length === 0
          ? `\`${shortened(name)}\` is not expected: nothing is`
          : `\`${shortened(name)}\` is not known here; known are ${inCode(known)}`;
      return make(
        'unknown_field',
        `${at}/${pointerToken(name)}`,
        message,
        meant === undefined ? {} : { didYouMean: meant },
      );
    }
    case 'required': {
      const name = String(error.params.missingProperty);
      // What is missing is most often there under another name: say that instead.
      const stray = unknownIn(error).find((other) => didYouMean(other, [name]) !== undefined);
      if (stray !== undefined) {
        return make(
          'unknown_field',
          `${at}/${pointerToken(stray)}`,
          `\`${shortened(stray)}\` is not known here; \`${name}\` is required`,
          {
            didYouMean: name,
          },
        );
      }
      return make('missing_field', `${at}/${pointerToken(name)}`, `\`${name}\` is required`);
    }
    case 'type':
      return make('invalid_field', at, `${named(at)} must be ${kindOf(error.params.type)}`);
    case 'enum': {
      const allowed = (error.params.allowedValues as readonly unknown[]).map(String);
      const meant = typeof error.data === 'string' ? didYouMean(error.data, allowed) : undefined;
      return make(
        'invalid_field',
        at,
        `${named(at)} must be one of ${inCode(allowed)}`,
        meant === undefined ? {} : { didYouMean: meant },
      );
    }
    case 'minimum':
      return make('invalid_field', at, `${named(at)} must be at least ${error.params.limit}`);
    case 'maximum':
      return make('invalid_field', at, `${named(at)} must be at most ${error.params.limit}`);
    case 'minLength':
    case 'maxLength':
    case 'minItems':
    case 'maxItems':
      return make(
        'invalid_field',
        at,
        `${named(at)} ${error.message ?? 'has the wrong length'}`.replace('must NOT', 'must not'),
      );
    default:
      return make('invalid_field', at, `${named(at)} ${error.message ?? 'is not understood'}`);
  }
}

/** The properties of the value that its schema does not know. */
function unknownIn({ data, parentSchema }: ErrorObject): readonly string[] {
  const known = (parentSchema?.properties as object | undefined) ?? {};
  return Object.keys(data as object).filter((name) => !Object.hasOwn(known, name));
}

function kindOf(type: unknown): string {
  if (Array.isArray(type)) {
    const kinds = type.map(kindOf);
    return `${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1)}`;
  }
  switch (type) {
    case 'integer':
      return 'a whole number';
    case 'object':
      return 'an object';
    case 'array':
      return 'a list';
    case 'string':
      return 'a text';
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    default:
      return `a ${String(type)}`;
  }
}

/** What a pointer leads to: `tier`; of a list, `scopes[0]`. */
function named(pointer: string): string {
  const [, name, entries = ''] = /([^/]*)((?:\/\d+)*)$/.exec(pointer) ?? [];
  if (name === undefined || pointer === '') return 'the body';
  return `\`${shortened(name)}${entries.replaceAll(/\/(\d+)/g, '[$1]')}\``;
}

const LONGEST_NAME = 256;
const LONGEST_POINTER = 1024;

/** An answer is not as long as the mistake. */
function shortened(text: string, most = LONGEST_NAME): string {
  return text.length <= most ? text : `${text.slice(0, most)}…`;
}

/** A property name as one step of a JSON pointer. */
export function pointerToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
