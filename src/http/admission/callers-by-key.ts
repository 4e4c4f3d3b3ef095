import type { Caller } from '../../domain/caller.ts';
import { isWholeKey } from '../../use-cases/keys/key-text.ts';
import type { LiveKeys } from '../../use-cases/keys/live-keys.ts';
import type { MaybePromise } from '../../use-cases/ports.ts';
import { notBelieved, notValid, type TurnedAway } from './turned-away.ts';

/** Who has sent this key. At once for a key that is known. Throws `unauthenticated` and `KeyStoreUnreachable`. */
export function callerByKey(keys: LiveKeys, text: string): MaybePromise<Caller> {
  const found = keys.callerOf(text);
  if (typeof found === 'object') return found;
  if (found !== 'unknown') throw refusalOf(found);
  if (!isWholeKey(text)) throw notBelieved('the key is mistyped or cut off: copy the whole of it again');
  // Another process may have made it just now.
  return keys.lookForUnknown().then(() => {
    const again = keys.callerOf(text);
    if (typeof again === 'object') return again;
    throw refusalOf(again);
  });
}

function refusalOf(state: 'expired' | 'revoked' | 'unknown'): TurnedAway {
  switch (state) {
    case 'expired':
      return notValid('the key has expired: make another one with `perkbook keys create`');
    case 'revoked':
      return notValid('the key was revoked');
    case 'unknown':
      return notBelieved('the key is not known here: it belongs to another server, or was never made');
  }
}
