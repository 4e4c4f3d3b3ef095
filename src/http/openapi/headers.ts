/** What the headers of answers mean, and how they look. */
export const HEADERS = {
  'X-Request-Id': {
    description: 'Names the request in logs: the one that was sent, or a new one.',
    schema: { type: 'string' },
  },
  ETag: {
    description: 'The version of what is shown, for `If-Match` and `If-None-Match`.',
    schema: { type: 'string' },
  },
  Location: { description: 'Where the new thing is.', schema: { type: 'string' } },
  Vary: { description: 'The request headers that the answer depends on.', schema: { type: 'string' } },
  'Retry-After': { description: 'In how many seconds asking again may help.', schema: { type: 'integer', minimum: 0 } },
  'Cache-Control': { description: 'How long the answer may be kept.', schema: { type: 'string' } },
  RateLimit: {
    description: 'How much the caller may still ask, and in how many seconds it is more.',
    schema: { type: 'string' },
  },
  'RateLimit-Policy': { description: 'How much the caller may ask, and in how long.', schema: { type: 'string' } },
  'X-Accel-Buffering': { description: 'Tells proxies to pass on events as they come.', schema: { type: 'string' } },
  'WWW-Authenticate': { description: 'How to say who you are.', schema: { type: 'string' } },
} as const;

export type HeaderName = keyof typeof HEADERS;
