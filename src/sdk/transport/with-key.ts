import { misuse, PerkbookError } from '../perkbook-error.ts';
import { checkedKey, type Settings } from '../settings.ts';
import { reasonOf } from './reason-of.ts';

/**
 * Sends with the key of this moment. Where that is refused another one is asked for and sent, once: a key can be replaced, and a
 * token run out, before it arrives. `renewals`: how often that may be.
 */
export async function withKey<T>(
  { apiKey }: Settings,
  renewals: { left: number },
  send: (key: string | undefined) => Promise<T>,
): Promise<T> {
  if (typeof apiKey !== 'function') return send(apiKey);
  const key = await keyFrom(apiKey);
  try {
    return await send(key);
  } catch (error) {
    if (!(error instanceof PerkbookError) || error.status !== 401 || renewals.left === 0) throw error;
    renewals.left -= 1;
    const another = await keyFrom(apiKey);
    // It would be refused again, and wrong keys are counted.
    if (another === key) throw error;
    return send(another);
  }
}

/** One that cannot be had is no outage of Perkbook: who has no key is not let in by a fallback. */
async function keyFrom(apiKey: () => string | Promise<string>): Promise<string> {
  try {
    return checkedKey(await apiKey());
  } catch (cause) {
    throw misuse(`\`apiKey\` gave no key: ${reasonOf(cause)}`, cause);
  }
}
