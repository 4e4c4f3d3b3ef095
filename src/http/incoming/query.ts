import { didYouMean } from '../../domain/did-you-mean.ts';
import { type Instant, meantInstant, parseInstant, parseInstantOrDay } from '../../domain/instant.ts';
import { inCode } from '../../domain/listed.ts';
import { Problem } from '../../domain/problem.ts';

/** Checked: only names that the route knows, each at most once. */
export type Query = Readonly<Record<string, string>>;

const EMPTY: Query = Object.freeze(Object.create(null));

/** The query parameters of `url`. Throws a `Problem` for one that is not among `known`, or that is there twice. */
export function queryOf(url: string, known: readonly string[]): Query {
  const mark = url.indexOf('?');
  if (mark === -1) return EMPTY;
  const query: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(url.slice(mark + 1))) {
    if (!known.includes(name)) throw unknownParameter(name, known);
    if (query[name] !== undefined) {
      throw new Problem('invalid_field', `the query parameter \`${name}\` is given twice`, { field: pointer(name) });
    }
    query[name] = value;
  }
  return query;
}

/** A query parameter that is an instant; undefined where it is absent. */
export function instantParameter(query: Query, name: string): Instant | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  return parseInstant(text) ?? refuse(name, text, 'an instant such as `2026-11-22T10:00:00Z`');
}

/** The same, or a plain day, which is its beginning in UTC. */
export function instantOrDayParameter(query: Query, name: string): Instant | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  const expected = 'an instant such as `2026-11-22T10:00:00Z` or a day such as `2026-11-22`';
  return parseInstantOrDay(text) ?? refuse(name, text, expected);
}

function refuse(name: string, text: string, expected: string): never {
  const meant = meantInstant(text);
  // A `+` in a query is a space: the usual reason why `…+02:00` is not understood.
  const hint = text.includes(' ') && meant === undefined ? '; a `+` in a URL must be written `%2B`' : '';
  throw new Problem('invalid_field', `\`${name}\` must be ${expected}, not \`${text.slice(0, 256)}\`${hint}`, {
    field: pointer(name),
    ...(meant === undefined ? {} : { didYouMean: meant }),
  });
}

/** A query parameter that is a whole number in a range; undefined where it is absent. */
export function integerParameter(query: Query, name: string, least: number, most: number): number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new Problem('invalid_field', `\`${name}\` must be a whole number ${range}, not \`${text.slice(0, 256)}\``, {
    field: pointer(name),
  });
}

function unknownParameter(name: string, known: readonly string[]): Problem {
  const meant = didYouMean(name, known);
  const taken = known.length === 0 ? 'none is taken here' : `known are ${inCode(known)}`;
  return new Problem('unknown_field', `the query parameter \`${name.slice(0, 256)}\` is not known; ${taken}`, {
    field: pointer(name),
    ...(meant === undefined ? {} : { didYouMean: meant }),
  });
}

function pointer(name: string): string {
  return `/${name.slice(0, 256).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
