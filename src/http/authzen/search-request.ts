import {
  type AuthzenQuery,
  fromAuthzenSearch,
  limitIn,
  nextPageIn,
  repeatsQuery,
  type Searched,
} from '../../api/authzen/from-authzen-search.ts';
import { canonicalJson } from '../../domain/canonical-json.ts';
import { Problem } from '../../domain/problem.ts';
import type { SearchPage } from '../../use-cases/search/found.ts';
import { openToken, wrongToken } from './page-token.ts';

export const USUAL_LIMIT = 100;
/** A token carries the query, and must fit into the next request. */
const LARGEST_QUERY_BYTES = 16_384;

export interface SearchRequest {
  readonly query: AuthzenQuery;
  readonly page: SearchPage;
}

/** A search from the wire: its first page, or the one that a token names. A token alone is enough; a query beside it must be the same. */
export function searchRequest(searched: Searched, body: unknown): SearchRequest {
  const next = nextPageIn(body);
  if (next === undefined) {
    const query = fromAuthzenSearch(searched, body);
    if (Buffer.byteLength(canonicalJson(query)) > LARGEST_QUERY_BYTES) {
      throw new Problem('invalid_field', `a search has at most ${LARGEST_QUERY_BYTES} bytes; send fewer properties`, {
        field: '',
      });
    }
    return { query, page: { after: undefined, limit: limitIn(body) ?? USUAL_LIMIT } };
  }
  const { query: carried, limit, after } = openToken(next.token, searched);
  const query = carriedQuery(searched, carried);
  if (repeatsQuery(body) && canonicalJson(fromAuthzenSearch(searched, body)) !== canonicalJson(query)) {
    throw wrongToken('belongs to a search that asked for something else');
  }
  return { query, page: { after, limit: next.limit ?? limit } };
}

/** Who sends a token has not written what is in it. */
function carriedQuery(searched: Searched, carried: unknown): AuthzenQuery {
  try {
    return fromAuthzenSearch(searched, carried);
  } catch (cause) {
    throw wrongToken('holds a search that is not understood', cause);
  }
}
