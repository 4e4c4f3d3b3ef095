import { randomBytes } from 'node:crypto';

/** The key of one user. */
export function newKey(): string {
  return randomBytes(32).toString('base64url');
}
