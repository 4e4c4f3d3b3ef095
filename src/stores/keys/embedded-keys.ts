import { join } from 'node:path';
import { type KeyStore, KeyStoreUnreachable } from '../../use-cases/keys/ports.ts';
import { StoreUnreachable } from '../../use-cases/ports.ts';
import { checkDataFile } from '../embedded/data-file.ts';
import { runTransaction } from '../embedded/embedded-transaction.ts';
import { makeFolder } from '../embedded/make-folder.ts';
import { openRoot } from '../embedded/open-root.ts';
import { type ApiKeyDocument, fromKeyDocument, inOrder, toKeyDocument } from './key-document.ts';

/** Looking whether anything changed costs a microsecond. */
const LOOK_EVERY_MS = 100;
const READ_EVERY_MS = 1_000;
const WRITE_WITHIN_MS = 10_000;
const CHANGES = 'changes';

/**
 * Keys in a folder inside that of the members, in a file of their own: a backup of members holds no keys, and restoring an old one
 * neither brings revoked keys back nor loses new ones. Several processes may open it.
 */
export async function openEmbeddedKeys(dataFolder: string): Promise<KeyStore> {
  const folder = join(dataFolder, 'api-keys');
  const { root, keys, meta } = await opened(folder);
  let isOpen = true;

  /** INVARIANT: LMDB is never touched after it is closed; that would end the process, not throw. */
  function whileOpen<T>(work: () => T): T {
    if (!isOpen) throw new KeyStoreUnreachable('the store of the keys is closed');
    return work();
  }

  function changed<T>(change: () => T): Promise<T> {
    return whileOpen(() =>
      unreachable(folder, () =>
        runTransaction(
          root,
          () => {
            meta.put(CHANGES, (meta.get(CHANGES) ?? 0) + 1);
            return change();
          },
          WRITE_WITHIN_MS,
          (cause) => cause,
        ),
      ),
    );
  }

  return {
    list: async () =>
      whileOpen(() => inOrder([...keys.getRange({})].map(({ key, value }) => fromKeyDocument(key, value)))),
    add: async (key) => {
      await changed(() => keys.put(key.id, toKeyDocument(key)));
    },
    revoke: (id, at) =>
      changed(() => {
        const found = keys.get(id);
        if (found === undefined) return undefined;
        const revoked = { ...fromKeyDocument(id, found), revokedAt: found.revokedAt ?? at };
        keys.put(id, toKeyDocument(revoked));
        return revoked;
      }),
    watch: (mayHaveChanged) => {
      let last = meta.get(CHANGES);
      let readAt = performance.now();
      const timer = setInterval(() => {
        const now = isOpen ? meta.get(CHANGES) : last;
        if (now === last && performance.now() - readAt < READ_EVERY_MS) return;
        last = now;
        readAt = performance.now();
        mayHaveChanged();
      }, LOOK_EVERY_MS);
      timer.unref();
      return { stop: async () => clearInterval(timer) };
    },
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      await root.close();
    },
  };
}

async function opened(folder: string) {
  return unreachable(folder, async () => {
    await makeFolder(folder);
    await checkDataFile(folder, 'move it away to begin without keys');
    const root = openRoot<unknown>(folder);
    return {
      root,
      keys: root.openDB<ApiKeyDocument, string>({ name: 'keys', encoding: 'json' }),
      /** `changes`: how often anything was, so that others need not read it all to know. */
      meta: root.openDB<number, string>({ name: 'meta', encoding: 'json' }),
    };
  });
}

async function unreachable<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = cause instanceof StoreUnreachable ? reason : `the folder \`${folder}\` cannot be used: ${reason}`;
    throw new KeyStoreUnreachable(message, { cause });
  }
}
