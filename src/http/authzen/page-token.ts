import { createHash } from 'node:crypto';
import type { AuthzenQuery, Searched } from '../../api/authzen/from-authzen-search.ts';
import { Problem } from '../../domain/problem.ts';
import { parseUserId } from '../../domain/user-id.ts';
import { parseJson } from '../incoming/parse-json.ts';

/** All that the next page needs, so that whichever evaluator is asked can give it. */
export interface PageState {
  readonly searched: Searched;
  readonly query: AuthzenQuery;
  readonly limit: number;
  /** The candidate after which the page begins; undefined: from the first. */
  readonly after: string | undefined;
}

/** A state as read from a token: of its form, its query still to be checked as if it had been sent. */
export type OpenedState = Omit<PageState, 'query'> & { readonly query: unknown };

/**
 * A state as a token. It holds nothing secret and gives no rights: what it says is checked as everything that is sent. The digest tells
 * a token of ours from anything else, without a key that all evaluators would have to share.
 */
export function sealToken({ searched, query, limit, after }: PageState): string {
  return tokenOf(Buffer.from(JSON.stringify([searched, query, limit, after ?? null])));
}

/** Throws `invalid_field` for a token that is none of ours, or of another search than for this. */
export function openToken(token: string, wanted: Searched): OpenedState {
  const bytes = Buffer.from(token.split('.', 1)[0] ?? '', 'base64url');
  // As a whole: what is beside the digest, or is no base64url, would be read over.
  if (token !== tokenOf(bytes)) throw wrongToken(NOT_OURS);
  // Anybody can make a digest, so nothing that follows from it is taken for granted.
  const state = ourWords(() => parseJson(bytes));
  const [searched, query, limit, after] = Array.isArray(state) ? (state as readonly unknown[]) : [];
  if (typeof limit !== 'number' || !Number.isSafeInteger(limit) || limit < 1) throw wrongToken(NOT_OURS);
  if (searched !== wanted)
    throw wrongToken(`belongs to a search for ${String(searched)}s, and this one is for ${wanted}s`);
  return { searched: wanted, query, limit, after: positionIn(after, wanted) };
}

/** The id of a candidate, in the bounds that ids have. */
function positionIn(after: unknown, searched: Searched): string | undefined {
  if (after === null) return undefined;
  if (searched === 'subject') return ourWords(() => parseUserId(after, ''));
  if (typeof after !== 'string' || after.length > LONGEST_ID) throw wrongToken(NOT_OURS);
  return after;
}

function ourWords<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw wrongToken(NOT_OURS, cause);
  }
}

const NOT_OURS = 'is none that a search here has given';
const LONGEST_ID = 1024;

export function wrongToken(why: string, cause?: unknown): Problem {
  return new Problem('invalid_field', `the token ${why}; begin again without it`, { field: '/page/token', cause });
}

function tokenOf(bytes: Buffer): string {
  return `${bytes.toString('base64url')}.${digestOf(bytes)}`;
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update('perkbook page token 1\n').update(bytes).digest('base64url').slice(0, 22);
}
