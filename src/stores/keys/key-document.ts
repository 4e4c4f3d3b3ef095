import type { ApiKey } from '../../domain/api-key.ts';
import { UnknownStoreFormat } from '../store-format.ts';

/** The form of one stored key. */
const KEY_FORMAT = 1;

/** A key as both stores keep it: as JSON, and as a document whose `_id` is the key's id. */
export interface ApiKeyDocument extends Omit<ApiKey, 'id'> {
  readonly format: number;
}

export function toKeyDocument({ id: _id, ...rest }: ApiKey): ApiKeyDocument {
  return { format: KEY_FORMAT, ...rest };
}

export function fromKeyDocument(id: string, { format, ...rest }: ApiKeyDocument): ApiKey {
  if (format === KEY_FORMAT) return { id, ...rest };
  throw new UnknownStoreFormat(
    `the stored key \`${id}\` has the format \`${format}\`; this perkbook knows \`${KEY_FORMAT}\`: update perkbook`,
  );
}

/** In the order in which they were made. */
export function inOrder(keys: readonly ApiKey[]): readonly ApiKey[] {
  return keys.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}
