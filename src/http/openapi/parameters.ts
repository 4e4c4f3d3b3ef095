import { TAGS } from '../incoming/etag.ts';

/** A parameter of a path or a query, or a request header. */
export interface Parameter {
  readonly description: string;
  /** A JSON Schema of the value. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Only for the query and headers: what is in the path is always required. */
  readonly required?: true;
  readonly example?: string | number;
}

/*
 * Parameters that several operations have.
 */

/** No control character in it. Written out, because not every reader of a description knows `\p{Cc}`. */
export const PRINTABLE = '^[^\\u0000-\\u001f\\u007f-\\u009f]*$';

export const MEMBER: Parameter = {
  description: 'The id of the user.',
  schema: { type: 'string', minLength: 1, maxLength: 256, pattern: PRINTABLE },
  example: 'sam-starter',
};

export const RULE_SET: Parameter = {
  description: 'The id of the rule set.',
  schema: { type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 128 },
  example: 'pixai-membership',
};

export const AT: Parameter = {
  description: 'The instant that is meant, RFC 3339 with a zone; now where absent. A `+` is written `%2B`.',
  schema: { type: 'string', format: 'date-time' },
};

export const MIN_REVISION: Parameter = {
  description:
    'Facts that are older than this revision of the member are read anew before the answer: the one that a write has answered.',
  schema: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
};

export const IF_MATCH: Parameter = {
  description: 'Only if the revision is still this one: the `ETag` of an answer.',
  schema: { type: 'string', pattern: TAGS.source },
  example: '"14"',
};

export const IF_NONE_MATCH: Parameter = {
  description: 'Only if the `ETag` is another one; `*`: only if there is nothing yet.',
  schema: { type: 'string', pattern: TAGS.source },
};
