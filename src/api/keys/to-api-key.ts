import { type ApiKey, stateOf } from '../../domain/api-key.ts';
import { formatInstant, type Instant } from '../../domain/instant.ts';
import type { ApiKeyShown } from '../../generated/answers/keys/key.ts';

/** A key as it is shown: without its hash. */
export function toApiKey(key: ApiKey, now: Instant): ApiKeyShown {
  const { id, name, scopes, ruleSets, createdAt, expiresAt, revokedAt } = key;
  return {
    id,
    name,
    scopes,
    ruleSets,
    createdAt: formatInstant(createdAt),
    expiresAt: expiresAt === null ? null : formatInstant(expiresAt),
    revokedAt: revokedAt === null ? null : formatInstant(revokedAt),
    state: stateOf(key, now),
  };
}
