import { didYouMean } from '../../../domain/did-you-mean.ts';
import { listed } from '../../../domain/listed.ts';
import type { FindingCode, Path, Problem } from '../finding.ts';
import { plainNumber, plainPercent } from './numbers.ts';
import { describedAs, type SchemaError } from './schema.ts';
import { excerpt, type Source } from './source.ts';
import { meantBy } from './synonyms.ts';

export interface Explained {
  readonly problem: Problem;
  /** What to leave out of the data so that the rest is sound; absent when something is missing or a name is wrong. */
  readonly takeOut?: Path;
}

/** An AJV error in a product manager's words. */
export function explainSchemaError(error: SchemaError, path: Path, source: Source): Explained {
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      const known = Object.keys(error.parentSchema?.properties ?? {});
      const meant = didYouMean(key, known);
      const message =
        meant === undefined
          ? `\`${key}\` is not known here: there is ${listed(known, 'and')}`
          : `\`${key}\` is not known here`;
      const at = [...path, key];
      return { problem: { code: 'unknown_property', message, path: at, atKey: true, didYouMean: meant }, takeOut: at };
    }
    case 'required': {
      const key = String(params.missingProperty);
      const described = describedAs(error.parentSchema, key);
      const message = `\`${key}\` is missing${described === undefined ? '' : `: ${lowerFirst(described)}`}`;
      // The place is the key of what lacks it, the path is that of the property that should be there.
      return { problem: { code: 'missing_property', message, path: [...path, key], atKey: true } };
    }
    case 'propertyNames':
      return explainName(String(params.propertyName), error, path);
    default:
      return { problem: explainValue(error, path, source, params), takeOut: path };
  }
}

function explainName(name: string, error: SchemaError, path: Path): Explained {
  const at = [...path, name];
  if (name === 'constructor') {
    const message = '`constructor` is a word that programs keep for themselves: choose another name';
    return { problem: { code: 'wrong_id', message, path: at, atKey: true } };
  }
  const rule = (error.schema as { patternErrorMessage?: string; $ref?: string } | undefined) ?? {};
  const shape = rule.patternErrorMessage ?? nameRule(rule.$ref);
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '');
  const message =
    name === '' || name.length > 200 ? `a name has 1 to 200 characters` : `\`${name}\` cannot be a name: ${shape}`;
  const meant = shape.includes('lower-case') && plain !== '' && plain !== name ? plain : undefined;
  return { problem: { code: 'wrong_id', message, path: at, atKey: true, didYouMean: meant } };
}

/** The words of the definition that a map's names must meet. */
function nameRule(ref: string | undefined): string {
  switch (ref?.split('/').at(-1)) {
    case 'actionId':
      return 'an action has lower-case letters, digits and `_` only, in parts joined by dots, such as `avatar.upload`';
    case 'statementId':
      return 'the name of a statement has letters, digits, `_`, `.` and `-` only, and begins with a letter, such as `R7`';
    case 'inputName':
      return 'it has letters, digits and `_` only, and begins with a letter, such as `packUsd`';
    default:
      return 'an id has lower-case letters, digits and `_` only, and begins with a letter';
  }
}

function explainValue(
  error: SchemaError,
  path: Path,
  source: Source,
  params: Readonly<Record<string, unknown>>,
): Problem {
  const written = excerpt(source, path);
  const shown = written === '' ? 'this' : `\`${written}\``;
  const hint = error.parentSchema?.errorMessage;
  const problem = (code: FindingCode, message: string, meant?: string): Problem => ({
    code,
    message,
    path,
    didYouMean: meant,
  });
  const special = explainNumber(error, written, path) ?? explainYesNo(error, path);
  if (special !== undefined) return special;
  switch (error.keyword) {
    case 'type': {
      const word =
        params.type === 'object' && typeof error.data === 'string' ? /^([\w.]+)\s/.exec(error.data)?.[1] : undefined;
      if (word !== undefined) return problem('wrong_type', `a \`:\` is missing behind \`${word}\``);
      return problem(
        'wrong_type',
        `${shown} is not right here: ${hint ?? `write ${typeName(String(params.type))}`}${quotesHint(error)}`,
      );
    }
    case 'enum':
    case 'const': {
      const allowed = (error.keyword === 'enum' ? (params.allowedValues as unknown[]) : [params.allowedValue]).map(
        String,
      );
      const meant = typeof error.data === 'string' ? meantBy(error.data, allowed) : undefined;
      return problem('wrong_value', `${shown} is not known here: ${hint ?? `write ${listed(allowed)}`}`, meant);
    }
    case 'anyOf':
    case 'oneOf':
      return problem(
        'wrong_value',
        `${shown} is not right here: ${hint ?? 'see the documentation of this property'}`,
        nearUnion(error),
      );
    case 'pattern':
      return problem(
        'wrong_id',
        `${shown} is not right here: ${error.parentSchema?.patternErrorMessage ?? hint ?? 'it is not written as it should be'}`,
      );
    case 'format':
      return problem('wrong_date', explainDate(String(error.data)));
    case 'minimum':
      return problem('wrong_value', `${shown} is too small: the least is ${String(params.limit)}`);
    case 'maximum':
      return problem('wrong_value', `${shown} is too large: the most is ${String(params.limit)}`);
    case 'minLength':
      return problem('wrong_value', 'this is empty: write a text');
    case 'maxLength':
      return problem('too_large', `this text is too long: at most ${String(params.limit)} characters`);
    case 'maxItems':
    case 'maxProperties':
      return problem('too_large', `there are too many here: at most ${String(params.limit)}`);
    case 'minItems':
    case 'minProperties':
      return problem('wrong_value', 'this is empty: write at least one');
    case 'uniqueItems':
      return { ...problem('duplicate_key', 'the same is there twice in this list'), path: [...path, Number(params.i)] };
    default:
      return problem('wrong_value', `${shown} is not right here`);
  }
}

/** Numbers and percentages as people write them. */
function explainNumber(error: SchemaError, written: string, path: Path): Problem | undefined {
  const takesNumbers =
    /number|percentage/.test(error.parentSchema?.errorMessage ?? '') ||
    /integer|number/.test(String((error.params as { type?: unknown }).type));
  if (!takesNumbers || typeof error.data !== 'string') return undefined;
  const number = plainNumber(error.data);
  if (number !== undefined) {
    return {
      code: 'thousands_separator',
      message: `\`${written}\` is a text, not a number: write \`${number}\``,
      path,
    };
  }
  const percent = plainPercent(error.data);
  if (percent !== undefined) {
    const allowed = /percentage/.test(error.parentSchema?.errorMessage ?? '');
    const message = allowed
      ? `\`${written}\` is not how a percentage is written`
      : `\`${written}\` is a percentage, and only a \`grant\` has these: write a number`;
    return { code: 'wrong_percent', message, path, ...(allowed ? { didYouMean: percent } : {}) };
  }
  const quoted = /^["']/.test(written) && /^\d+$/.test(error.data);
  return quoted
    ? { code: 'wrong_type', message: `\`${written}\` is a text, not a number: leave out the quotes`, path }
    : undefined;
}

const YES_NO = /^(?:yes|no|y|n|true|false|on|off)$/i;
const YES = /^(?:yes|y|true|on)$/i;

function explainYesNo(error: SchemaError, path: Path): Problem | undefined {
  const { data } = error;
  if (typeof data !== 'boolean' && !(typeof data === 'string' && YES_NO.test(data))) return undefined;
  const isYes = YES.test(String(data));
  const wantsWord = error.parentSchema?.errorMessage === 'write `yes` or `no`';
  const wantsBoolean = (error.params as { type?: unknown }).type === 'boolean';
  if (!wantsWord && !wantsBoolean) return undefined;
  const word = wantsWord ? (isYes ? 'yes' : 'no') : String(isYes);
  return {
    code: 'yes_or_no',
    message: `\`${String(data)}\` is not the word for it here: write \`${word}\``,
    path,
    didYouMean: word,
  };
}

function quotesHint(error: SchemaError): string {
  const scalar = typeof error.data === 'number' || typeof error.data === 'boolean';
  const isOwnWord = error.parentSchema?.errorMessage !== undefined;
  return (error.params as { type?: unknown }).type === 'string' && scalar && !isOwnWord
    ? ', in quotes if it is meant as a text'
    : '';
}

/** `membres` for `members`, `unlimted` for `unlimited`. */
function nearUnion(error: SchemaError): string | undefined {
  const words = (error.parentSchema?.errorMessage ?? '').match(/`[a-z]+`/g) ?? [];
  return typeof error.data === 'string'
    ? didYouMean(
        error.data,
        words.map((word) => word.slice(1, -1)),
      )
    : undefined;
}

function explainDate(text: string): string {
  const example = 'write it as `2026-01-01T00:00:00Z`';
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return `\`${text}\` has no time and no zone: write \`${text}T00:00:00Z\``;
  if (/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text))
    return `\`${text}\` has no zone: put \`Z\` for UTC behind it, or \`+09:00\``;
  if (/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text))
    return `\`${text}\` is no day or time that exists`;
  return `\`${text}\` is no instant: ${example}`;
}

function typeName(type: string): string {
  const names: Readonly<Record<string, string>> = {
    string: 'a text',
    number: 'a number',
    integer: 'a whole number',
    boolean: '`true` or `false`',
    array: 'a list: `[a, b]`',
    object: 'properties and their values: `{name: value}`',
  };
  return names[type] ?? type;
}

function lowerFirst(text: string): string {
  const sentence = /^.*?(?:\.(?= )|\.$|$)/.exec(text)?.[0].replace(/\.$/, '') ?? text;
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
