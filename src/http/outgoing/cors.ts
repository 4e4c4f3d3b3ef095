import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** What a page may read of an answer besides its body. */
const READABLE = 'ETag, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-Id';
/** What a page may send. `Authorization` only ever because the page itself puts it there: nothing here is a cookie. */
const SENDABLE = 'Accept, Authorization, Content-Type, If-Match, If-None-Match, X-Perkbook-Author, X-Request-Id';
const REMEMBER_SECONDS = 600;

/** Lets pages of these origins, and of no other, read an answer. Exact matches only; caches keep the answers apart. */
export function shareWith(
  origins: ReadonlySet<string>,
  origin: string | undefined,
  headers: OutgoingHttpHeaders,
): void {
  headers.Vary = headers.Vary === undefined ? 'Origin' : `${headers.Vary}, Origin`;
  if (origin === undefined || !origins.has(origin)) return;
  headers['Access-Control-Allow-Origin'] = origin;
  headers['Access-Control-Expose-Headers'] = READABLE;
}

/** What else is said to a browser that asks before it sends what a page wants; nothing to anybody else. */
export function preflightHeaders(
  origins: ReadonlySet<string> | undefined,
  { origin, 'access-control-request-method': method }: IncomingHttpHeaders,
  methods: string,
): Readonly<Record<string, string>> {
  if (origins === undefined || origin === undefined || method === undefined || !origins.has(origin)) return {};
  return {
    'Access-Control-Allow-Methods': methods,
    'Access-Control-Allow-Headers': SENDABLE,
    'Access-Control-Max-Age': String(REMEMBER_SECONDS),
  };
}
