import type { IncomingMessage } from 'node:http';
import { Problem } from '../../domain/problem.ts';

const LOOPBACK = /^(?:(?:[a-z\d-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/** Whether only programs on this machine can reach a server that listens there. A name that is not known to be so is not. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host) || host === '::1';
}

/**
 * Where nobody says who they are, that a request comes from this machine is all that is known; a browser on it sends what strange pages
 * want. So a page has to be ours, or of an allowed origin; and a name that leads here without being ours (DNS rebinding) is refused.
 * Throws `forbidden`.
 */
export function requireThisMachine({ headers }: IncomingMessage, origins: ReadonlySet<string>): void {
  const { host, origin } = headers;
  // HTTP/1.0 has no `Host`, and no browser speaks it.
  if (host !== undefined && !LOOPBACK.test(host)) {
    throw new Problem(
      'forbidden',
      `\`${host.slice(0, 256)}\` is no name of this machine, and nobody else may ask while there are no keys: use \`http://127.0.0.1\`, or make a key with \`perkbook keys create\``,
    );
  }
  if (origin === undefined) {
    requireOwnSite(headers['sec-fetch-site']);
    return;
  }
  if (origins.has(origin) || origin === `http://${host}`) return;
  throw new Problem(
    'forbidden',
    `pages of \`${origin.slice(0, 256)}\` may not ask while there are no keys; PERKBOOK_CORS names origins that may`,
  );
}

/** An image, a link or a form of a page elsewhere has no `Origin`, and says only this. Programs that are no browsers say nothing. */
function requireOwnSite(site: string | string[] | undefined): void {
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  throw new Problem('forbidden', 'pages of other origins may not ask while there are no keys');
}
