import type { IncomingMessage } from 'node:http';
import { anonymous, notBelieved } from './turned-away.ts';

const SCHEME = /^bearer +/i;

/**
 * The secret that says who asks; only ever from this header, because addresses and bodies end up in logs and histories. Throws
 * `unauthenticated`.
 */
export function bearerIn({ headers: { authorization } }: IncomingMessage): string {
  if (authorization === undefined || authorization === '') throw anonymous();
  if (authorization.startsWith('Bearer pk_')) return authorization.slice(7);
  if (!SCHEME.test(authorization)) throw notBelieved('`Authorization` must be `Bearer`, and then the key or token');
  return authorization.replace(SCHEME, '').trimEnd();
}
