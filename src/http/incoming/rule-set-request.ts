import { ANYBODY } from '../../domain/caller.ts';
import { hasSecret } from '../../domain/hidden-secrets.ts';
import { Problem } from '../../domain/problem.ts';
import type { Call } from '../route.ts';
import type { Query } from './query.ts';

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LONGEST_ID = 128;
const LONGEST_NOTE = 1_000;
/** Who publishes: visible ASCII, with spaces only inside. */
export const AUTHOR = /^[\x21-\x7e](?:[\x20-\x7e]{0,126}[\x21-\x7e])?$/;
/** The number of a version in quotes, or the tag of an answer about its rule set, which begins with it. */
export const VERSION_TAG = /^"(\d{1,9})(?:-[\da-f]{16})?"$/;
/** Who says nothing, where nobody has to. */
const NOBODY = 'unknown';

// The mark at the beginning is kept, so that the text has the bytes of the body.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The rule set that the path names; it need not exist. */
export function ruleSetIdOf({ params: { id = '' } }: Call): string {
  if (id.length <= LONGEST_ID && KEBAB.test(id)) return id;
  throw new Problem('invalid_id', `\`${id.slice(0, 256)}\` is no id of a rule set: these are like \`my-rule-set\``, {
    field: '/id',
  });
}

/**
 * Who is asking: what has been proved and, in brackets, what they say themselves. `otherwise`: what is taken as said where they say
 * nothing.
 */
export function authorOr({ caller, headers }: Call, otherwise?: string): string {
  const given = headers['x-perkbook-author'];
  const said = given === undefined ? otherwise : parseAuthor(String(given), '`X-Perkbook-Author`');
  if (caller === ANYBODY) return said ?? NOBODY;
  return said === undefined ? caller.id : `${caller.id} (${said})`;
}

export function parseAuthor(text: string, what: string): string {
  if (AUTHOR.test(text) && !hasSecret(text)) return text;
  throw new Problem('invalid_field', `${what} must be a name of 1 to 128 visible ASCII characters`, {
    field: '/author',
  });
}

/** The number in `If-Match: "3"`, or in the tag of an answer about the rule set; undefined without one, or with `*`, which names no version. */
export function expectedIn({ headers }: Call): number | undefined {
  const given = headers['if-match']?.trim();
  if (given === undefined || given === '*') return undefined;
  const number = VERSION_TAG.exec(given)?.[1];
  if (number !== undefined) return Number(number);
  throw new Problem(
    'invalid_field',
    `\`If-Match\` must be the number of a version in quotes, such as \`"3"\`, not \`${given.slice(0, 256)}\``,
    {
      field: '/If-Match',
    },
  );
}

/** Why a version is published. */
export function noteIn(note: unknown): string {
  if (note === undefined)
    throw new Problem('missing_field', '`note` is required: say why, for whoever reads the history', {
      field: '/note',
    });
  if (typeof note === 'string' && note.trim() !== '' && note.length <= LONGEST_NOTE && !/\p{Cc}/u.test(note))
    return note.trim();
  throw new Problem('invalid_field', `\`note\` must be a text of 1 to ${LONGEST_NOTE} characters on one line`, {
    field: '/note',
  });
}

export function flagIn(query: Query, name: string): boolean {
  const text = query[name];
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw new Problem('invalid_field', `\`${name}\` must be \`true\` or \`false\`, not \`${text.slice(0, 256)}\``, {
    field: `/${name}`,
  });
}

/** A number as JSON writes it: also `1e-7`, which is how programs write the small ones. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A share of 0 to 1. */
export function shareIn(query: Query, name: string): number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  const share = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (share >= 0 && share <= 1) return share;
  throw new Problem(
    'invalid_field',
    `\`${name}\` must be a share from 0 to 1 such as \`0.005\`, not \`${text.slice(0, 256)}\``,
    {
      field: `/${name}`,
    },
  );
}

/** Names with commas between them, or as a JSON list where a name has a comma in it. */
export function namesIn(query: Query, name: string): readonly string[] {
  const text = query[name]?.trim() ?? '';
  if (!text.startsWith('['))
    return text
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
  try {
    const names: unknown = JSON.parse(text);
    if (Array.isArray(names) && names.every((each) => typeof each === 'string')) return names;
  } catch {
    // Said below.
  }
  throw new Problem('invalid_field', `\`${name}\` must be names with commas between them, or a JSON list of names`, {
    field: `/${name}`,
  });
}

/** The body as the text that it is. */
export function textOf(bytes: unknown): string {
  try {
    return utf8.decode(bytes as Buffer);
  } catch (cause) {
    throw new Problem('malformed_body', 'the body is not valid UTF-8', { cause });
  }
}
