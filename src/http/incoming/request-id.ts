import { randomBytes } from 'node:crypto';
import { hasSecret } from '../../domain/hidden-secrets.ts';

const ACCEPTED = /^[\x21-\x7e](?:[\x20-\x7e]{0,254}[\x21-\x7e])?$/;

const prefix = randomBytes(6).toString('hex');
let made = 0;

/** The caller's own id where it is up to 256 visible ASCII characters, with spaces only inside, and no secret, else a new one that no other process makes. */
export function requestIdOf(given: string | readonly string[] | undefined): string {
  if (typeof given === 'string' && ACCEPTED.test(given) && !hasSecret(given)) return given;
  made++;
  return `${prefix}-${made.toString(36)}`;
}
