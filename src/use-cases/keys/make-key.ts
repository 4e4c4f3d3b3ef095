import type { ApiKey } from '../../domain/api-key.ts';
import type { Instant } from '../../domain/instant.ts';
import { hashOfKey, keyIdIn, newKeyText } from './key-text.ts';
import type { KeyStore } from './ports.ts';

export type KeyRequest = Pick<ApiKey, 'name' | 'scopes' | 'ruleSets' | 'expiresAt'>;

/** `text`: the key itself, which nobody can find out later. */
export interface MadeKey {
  readonly key: ApiKey;
  readonly text: string;
}

/** Makes a key and keeps its hash. */
export async function makeKey(store: KeyStore, wanted: KeyRequest, now: Instant): Promise<MadeKey> {
  const text = newKeyText();
  const hash = hashOfKey(text).toString('base64');
  const key: ApiKey = { id: keyIdIn(text), ...wanted, hash, createdAt: now, revokedAt: null };
  await store.add(key);
  return { key, text };
}
