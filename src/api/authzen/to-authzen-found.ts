import type { AuthzenFound, AuthzenFoundPage } from '../../generated/authzen/found.ts';
import type { Found } from '../../use-cases/search/found.ts';
import type { AuthzenQuery, Searched } from './from-authzen-search.ts';

/** A page of what a search has found. `token`: for the next page; empty on the last. */
export function toAuthzenFound(searched: Searched, query: AuthzenQuery, found: Found, token: string): AuthzenFound {
  const { results } = found;
  const page: AuthzenFoundPage = { next_token: token, count: results.length };
  const rest = { page, ...contextOf(found) };
  switch (searched) {
    case 'subject':
      return { results: results.map((id) => ({ type: query.subject.type, id })), ...rest };
    case 'resource':
      return { results: results.map((id) => ({ type: query.resource.type, id })), ...rest };
    case 'action':
      return { results: results.map((name) => ({ name })), ...rest };
  }
}

function contextOf({ degraded, unreadable }: Found): Pick<AuthzenFound, 'context'> {
  if (!degraded && unreadable.length === 0) return {};
  return { context: { ...(degraded ? { degraded } : {}), ...(unreadable.length === 0 ? {} : { unreadable }) } };
}
