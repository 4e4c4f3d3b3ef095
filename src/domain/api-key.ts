import type { Scope } from './caller.ts';
import type { Instant } from './instant.ts';

/** What is kept of a key. The key itself is shown once, when it is made, and kept nowhere. */
export interface ApiKey {
  /** `pk_4f9a1kq0zt`: the beginning of the key, by which it is called in lists and logs. No secret. */
  readonly id: string;
  /** What it is for, in its maker's words. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The rule sets it speaks for; null: all. */
  readonly ruleSets: readonly string[] | null;
  /** SHA-256 of the whole key, in base64. */
  readonly hash: string;
  readonly createdAt: Instant;
  /** From here on it is refused; null: it does not expire. */
  readonly expiresAt: Instant | null;
  /** Null while it is not revoked. A revoked key stays in the list, so that its id keeps its meaning in logs. */
  readonly revokedAt: Instant | null;
}

export type KeyState = 'active' | 'expired' | 'revoked';

export function stateOf({ expiresAt, revokedAt }: Pick<ApiKey, 'expiresAt' | 'revokedAt'>, now: Instant): KeyState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active';
}
