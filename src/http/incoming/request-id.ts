import { randomBytes } from 'node:crypto';
import { hasSecret } from '../../domain/hidden-secrets.ts';

const ACCEPTED = /^[\x21-\x7e]{1,128}$/;

const prefix = randomBytes(6).toString('hex');
let made = 0;

/** The caller's own id where it is up to 128 visible ASCII characters and no secret, else a new one that no other process makes. */
export function requestIdOf(given: string | readonly string[] | undefined): string {
  if (typeof given === 'string' && ACCEPTED.test(given) && !hasSecret(given)) return given;
  made++;
  return `${prefix}-${made.toString(36)}`;
}
