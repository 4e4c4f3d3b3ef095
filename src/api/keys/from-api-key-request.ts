import { hasSecret } from '../../domain/hidden-secrets.ts';
import { type Instant, parseInstant } from '../../domain/instant.ts';
import { Problem } from '../../domain/problem.ts';
import type { ApiKeyRequest } from '../../generated/key-request.ts';
import type { KeyRequest } from '../../use-cases/keys/make-key.ts';
import { SchemaCheck } from '../schema.ts';
import { schemaProblem } from '../schema-problem.ts';

const check = new SchemaCheck<ApiKeyRequest>('key-request');

/** The key that somebody wants, from the wire or the command line. Throws a `Problem` that names the field. */
export function fromApiKeyRequest(json: unknown, now: Instant): KeyRequest {
  if (!check.matches(json)) throw schemaProblem(check.errors);
  const { name, scopes, ruleSets, expiresAt } = json;
  if (/\p{Cc}/u.test(name) || name.trim() === '' || hasSecret(name)) {
    throw new Problem('invalid_field', '`name` must be a text on one line, and no key', { field: '/name' });
  }
  if (ruleSets !== undefined && scopes.includes('admin')) {
    throw new Problem(
      'invalid_field',
      'a key with the scope `admin` may do everything: it cannot be kept to rule sets',
      {
        field: '/ruleSets',
      },
    );
  }
  return { name: name.trim(), scopes, ruleSets: ruleSets ?? null, expiresAt: expiryIn(expiresAt, now) };
}

function expiryIn(text: string | undefined, now: Instant): Instant | null {
  if (text === undefined) return null;
  const instant = parseInstant(text);
  if (instant !== undefined && instant > now) return instant;
  const wrong = instant === undefined ? 'must be an instant with a zone such as `2027-11-22T10:00:00Z`' : 'is over';
  throw new Problem('invalid_field', `\`expiresAt\` ${wrong}`, { field: '/expiresAt' });
}
