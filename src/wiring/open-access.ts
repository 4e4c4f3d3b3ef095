import type { Config } from '../config/config.ts';
import { admission } from '../http/admission/admission.ts';
import { isLoopback } from '../http/admission/this-machine.ts';
import type { Deps } from '../http/deps.ts';
import type { Log } from '../log/logger.ts';
import { openKeyStore } from '../stores/keys/open-key-store.ts';
import { LiveKeys } from '../use-cases/keys/live-keys.ts';
import type { KeyStore } from '../use-cases/keys/ports.ts';
import { reasonOf, StartError } from './start-error.ts';

/** Who may do what. */
export interface Access {
  readonly deps: Pick<Deps, 'admit' | 'letsIn' | 'owe' | 'apiKeys' | 'origins'>;
  /** Whether nobody has to say who they are. */
  readonly isOpen: boolean;
  close(): Promise<void>;
}

/** Throws `StartError`, also where others than this machine could ask and nobody would have to say who they are. */
export async function openAccess(config: Config, log: Log): Promise<Access> {
  const { store, live } = await openKeys(config, log);
  const isLocal = isLoopback(config.host);
  if (!isLocal && !live.any && config.jwt === undefined) {
    await live.close();
    throw new StartError(
      `\`${config.host}\` can be reached from elsewhere, and nobody would have to say who they are: make the first key with ` +
        '`perkbook keys create --scope admin`, or set PERKBOOK_JWT_ISSUER, PERKBOOK_JWT_AUDIENCE and PERKBOOK_JWT_JWKS_URL; ' +
        'with HOST=127.0.0.1 only this machine can ask, and needs no key',
    );
  }
  const origins = new Set(config.cors);
  const door = admission({ keys: live, jwt: config.jwt, isLocal, limit: config.rateLimit, origins });
  return {
    deps: {
      admit: door.admit,
      letsIn: () => door.letsIn,
      owe: door.owe,
      apiKeys: { store, live },
      origins: origins.size === 0 ? undefined : origins,
    },
    get isOpen() {
      return door.isOpen;
    },
    close: () => live.close(),
  };
}

async function openKeys(config: Config, log: Log): Promise<{ readonly store: KeyStore; readonly live: LiveKeys }> {
  let store: KeyStore | undefined;
  try {
    store = await openKeyStore(config);
    let isOut = false;
    const live = await LiveKeys.open(store, {
      onError: (error) => {
        if (!isOut) log({ level: 'warn', message: `the keys cannot be read: ${reasonOf(error)}` });
        isOut = true;
      },
      onRead: () => {
        if (isOut) log({ level: 'info', message: 'the keys can be read again' });
        isOut = false;
      },
    });
    return { store, live };
  } catch (cause) {
    await store?.close();
    throw new StartError(`the keys cannot be read: ${reasonOf(cause)}`, { cause });
  }
}
