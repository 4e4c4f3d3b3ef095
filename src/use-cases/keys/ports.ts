import type { ApiKey } from '../../domain/api-key.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Watching } from '../rule-sets/ports.ts';

/**
 * Where keys are kept. Both stores (embedded, MongoDB) pass one contract suite. Every method throws `KeyStoreUnreachable` when the
 * store cannot be reached or does not answer in time.
 */
export interface KeyStore {
  /** Every key that was ever made, also the revoked ones, in the order in which they were made. */
  list(): Promise<readonly ApiKey[]>;
  /** Resolves when the key is on disk. */
  add(key: ApiKey): Promise<void>;
  /** Revokes a key; what it is then, and undefined for an id that nobody knows. One that is revoked already stays as it is. */
  revoke(id: string, at: Instant): Promise<ApiKey | undefined>;
  /**
   * INVARIANT: calls back within a second of a change, whichever process made it, and every few seconds without one: keys that
   * nobody has looked at for long are believed no more.
   */
  watch(mayHaveChanged: () => void): Watching;
  close(): Promise<void>;
}

/** Who may do what cannot be found out now: the keys, or those of an issuer of bearers, are out of reach. */
export class KeyStoreUnreachable extends Error {
  override readonly name = 'KeyStoreUnreachable';
}
