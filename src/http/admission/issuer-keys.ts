import type { FetchImplementation, JWTVerifyGetKey } from 'jose';
import { KeyStoreUnreachable } from '../../use-cases/keys/ports.ts';

/** The least time between two fetches: for a key that the set does not have, and after one that failed. */
const FETCH_AGAIN_MS = 5_000;
const FETCH_WITHIN_MS = 3_000;
/** Hundreds of keys. */
const LARGEST_SET_BYTES = 1_048_576;

/**
 * The keys that an issuer of tokens publishes, by `jose`. Anybody can send tokens that name a key which nobody knows: however many come,
 * the issuer is asked once in a while, by all of them together, also while it fails. Throws `KeyStoreUnreachable` where the keys cannot be
 * had, and what `jose` throws of a key that is not among them.
 */
export function issuerKeys(
  url: string,
  { createLocalJWKSet, createRemoteJWKSet, customFetch, errors }: typeof import('jose'),
): JWTVerifyGetKey {
  let failed: { readonly at: number; readonly error: KeyStoreUnreachable } | undefined;

  const fetchSet: FetchImplementation = async (address, options) => {
    if (failed !== undefined && performance.now() - failed.at < FETCH_AGAIN_MS) throw failed.error;
    try {
      const text = await textOf(await fetch(address, options));
      // Throws where it is none: that is a fetch that failed, too.
      createLocalJWKSet(JSON.parse(text));
      failed = undefined;
      return new Response(text);
    } catch (error) {
      failed = { at: performance.now(), error: unreachable(error) };
      throw failed.error;
    }
  };
  const published = createRemoteJWKSet(new URL(url), {
    cooldownDuration: FETCH_AGAIN_MS,
    timeoutDuration: FETCH_WITHIN_MS,
    [customFetch]: fetchSet,
  });

  return async (header, token) => {
    try {
      return await published(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      if (error instanceof errors.JOSENotSupported || error instanceof KeyStoreUnreachable) throw error;
      throw unreachable(error);
    }
  };
}

/** Not to its end where that is too far away: it would fill the memory. */
async function textOf({ status, body }: Response): Promise<string> {
  if (status !== 200) {
    await body?.cancel();
    throw new Error(`their address answers ${status}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > LARGEST_SET_BYTES) throw new Error(`their address sends more than ${LARGEST_SET_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function unreachable(error: unknown): KeyStoreUnreachable {
  return new KeyStoreUnreachable(`the keys of the issuer of tokens cannot be had: ${reasonOf(error)}`, {
    cause: error,
  });
}

/** `fetch` says only that it failed, and has the reason below. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
