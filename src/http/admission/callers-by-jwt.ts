import { hash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { type Caller, isScope } from '../../domain/caller.ts';
import { KeyStoreUnreachable } from '../../use-cases/keys/ports.ts';
import type { MaybePromise } from '../../use-cases/ports.ts';
import { issuerKeys } from './issuer-keys.ts';
import { notBelieved, notValid, type TurnedAway } from './turned-away.ts';

export interface JwtTrust {
  readonly issuer: string;
  readonly audience: string;
  /** Where the issuer's keys are. */
  readonly jwksUrl: string;
}

/** Only signatures that the holder of a public key cannot make. INVARIANT: no `none`, no `HS…`. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
const TOLERANCE_SECONDS = 5;
/** For how long a signature is not checked again; no longer than the token is valid. */
const VERIFIED_FOR_MS = 60_000;
const MOST_VERIFIED = 10_000;
const LONGEST_SUBJECT = 120;

/** Who bears this token. At once for one that was seen within the last minute. */
export type CallerByJwt = (token: string) => MaybePromise<Caller>;

/** Throws `unauthenticated`, and `KeyStoreUnreachable` where the issuer's keys cannot be had. `jose` is loaded with the first token. */
export function callersByJwt(trust: JwtTrust): CallerByJwt {
  const verified = new LRUCache<string, Caller>({ max: MOST_VERIFIED, ttl: VERIFIED_FOR_MS });
  let verifying: Promise<(token: string) => Promise<JWTPayload>> | undefined;

  return (token) => {
    // Not the token itself: what stays in memory is no secret.
    const name = hash('sha256', token, 'base64');
    const known = verified.get(name);
    if (known !== undefined) return known;
    verifying ??= verifierOf(trust);
    return verifying
      .then((verify) => verify(token))
      .then((payload) => {
        const caller = toCaller(payload);
        const ttl = Math.min(VERIFIED_FOR_MS, ((payload.exp ?? 0) + TOLERANCE_SECONDS) * 1000 - Date.now());
        if (ttl > 0) verified.set(name, caller, { ttl });
        return caller;
      });
  };
}

async function verifierOf(trust: JwtTrust): Promise<(token: string) => Promise<JWTPayload>> {
  const jose = await import('jose');
  const keyOf = issuerKeys(trust.jwksUrl, jose);
  const options = {
    issuer: trust.issuer,
    audience: trust.audience,
    algorithms: ALGORITHMS,
    clockTolerance: TOLERANCE_SECONDS,
    requiredClaims: ['exp', 'sub'],
  };
  return async (token) => {
    try {
      return (await jose.jwtVerify(token, keyOf, options)).payload;
    } catch (error) {
      if (error instanceof KeyStoreUnreachable) throw error;
      throw refusalOf(error, trust);
    }
  };
}

/** In words of our own: those of the library may repeat what is in the token. Claims are looked at once the signature was right. */
function refusalOf(error: unknown, { issuer, audience }: JwtTrust): TurnedAway {
  const { code, claim, reason } = error as {
    readonly code?: string;
    readonly claim?: string;
    readonly reason?: string;
  };
  switch (code) {
    case 'ERR_JWT_EXPIRED':
      return notValid('the token has expired: get another one from its issuer');
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      if (claim === 'nbf') return notValid('the token is not valid yet');
      if (reason === 'missing') return notValid(`the token has no claim \`${claim}\``);
      if (claim === 'iss') return notValid(`the token is not from \`${issuer}\``);
      if (claim === 'aud') return notValid(`the token is not for \`${audience}\``);
      return notValid('a claim of the token is not as it must be');
    case 'ERR_JWKS_NO_MATCHING_KEY':
      return notBelieved('the token is signed with a key that its issuer does not publish');
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
      return notBelieved(`the token must be signed with one of ${ALGORITHMS.join(', ')}`);
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return notBelieved('the signature of the token is wrong');
    default:
      return notBelieved('what was sent is neither a key nor a token that can be read');
  }
}

/** Scopes that are not ours are somebody else's, and say nothing here. */
function toCaller({ sub, scope, scp, rule_sets: ruleSets }: JWTPayload): Caller {
  const named = [scope, scp].flatMap((each) => (typeof each === 'string' ? each.split(' ') : each));
  return {
    id: `jwt:${subjectIn(sub)}`,
    scopes: new Set(named.filter((each) => typeof each === 'string').filter(isScope)),
    ruleSets: ruleSets === undefined ? null : new Set(ruleSetsIn(ruleSets)),
  };
}

function ruleSetsIn(claim: unknown): readonly string[] {
  if (Array.isArray(claim) && claim.every((each) => typeof each === 'string')) return claim;
  throw notValid('the claim `rule_sets` of the token must be a list of ids');
}

/** What can stand in logs and histories as it is; other subjects by their hash. Whoever issues a token can put anything there. */
function subjectIn(claim: unknown): string {
  if (typeof claim !== 'string' || claim === '')
    throw notValid('the claim `sub` of the token must be a text that is not empty');
  const isPlain = claim.length <= LONGEST_SUBJECT && /^[\x21-\x7e]+$/.test(claim);
  return isPlain ? claim : `sha256-${hash('sha256', claim, 'hex').slice(0, 32)}`;
}
