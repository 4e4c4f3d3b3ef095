import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { open } from 'lmdb';
import { checkDataFile } from '../../stores/embedded/data-file.ts';
import { runTransaction } from '../../stores/embedded/embedded-transaction.ts';
import { makeFolder } from '../../stores/embedded/make-folder.ts';
import { StoreUnreachable } from '../../use-cases/ports.ts';
import { newKey } from './new-key.ts';
import type { KeyTable } from './user-keys.ts';

const WRITE_WITHIN_MS = 10_000;

/** Where the keys lie: inside the folder of the members, in a file of their own. */
export function keyFolder(dataFolder: string): string {
  return join(dataFolder, 'log-keys');
}

/** Whether there may be keys at all. */
export function hasEmbeddedKeys(dataFolder: string): boolean {
  return existsSync(join(keyFolder(dataFolder), 'data.mdb'));
}

/**
 * Keys in a file of their own: a backup of members holds none of them, because it would bring back whom somebody has forgotten.
 * Several processes may open it. Throws `StoreUnreachable`.
 */
export async function openEmbeddedKeyTable(dataFolder: string): Promise<KeyTable> {
  const folder = keyFolder(dataFolder);
  const { root, keys } = await opened(folder);
  let isOpen = true;

  /** INVARIANT: LMDB is never touched after it is closed; that would end the process, not throw. */
  function whileOpen<T>(work: () => T): T {
    if (!isOpen) throw new StoreUnreachable('the keys of the decision log are closed');
    return work();
  }

  function writing<T>(write: () => T): Promise<T> {
    return whileOpen(() => runTransaction(root, write, WRITE_WITHIN_MS, (cause) => unusable(folder, cause)));
  }

  return {
    async keysOf(users) {
      const known = whileOpen(() => users.map((user) => keys.get(user)));
      if (!known.includes(undefined)) return known.map(String);
      return writing(() =>
        users.map((user) => {
          const existing = keys.get(user);
          if (existing !== undefined) return existing;
          const key = newKey();
          keys.put(user, key);
          return key;
        }),
      );
    },
    keyOf: async (user) => whileOpen(() => keys.get(user)),
    forget: (user) =>
      writing(() => {
        const existed = keys.get(user) !== undefined;
        keys.remove(user);
        return existed;
      }),
    async close() {
      if (!isOpen) return;
      isOpen = false;
      await root.close();
    },
  };
}

async function opened(folder: string) {
  try {
    await makeFolder(folder);
    await checkDataFile(folder, 'move it away; then nobody can tell any more whose the entries before were');
    const root = open<string, string>({
      path: resolve(folder),
      noSubdir: false,
      encoding: 'json',
      // For the reasons that the store of members has.
      overlappingSync: false,
      eventTurnBatching: false,
    });
    return { root, keys: root.openDB<string, string>({ name: 'keys', encoding: 'json' }) };
  } catch (cause) {
    throw unusable(folder, cause);
  }
}

function unusable(folder: string, cause: unknown): StoreUnreachable {
  if (cause instanceof StoreUnreachable) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreUnreachable(`the folder \`${folder}\` cannot be used: ${reason}`, { cause });
}
