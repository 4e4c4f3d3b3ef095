import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '../../domain/instant.ts';
import { checkDataFile } from '../../stores/embedded/data-file.ts';
import { runTransaction } from '../../stores/embedded/embedded-transaction.ts';
import { makeFolder } from '../../stores/embedded/make-folder.ts';
import { openRoot } from '../../stores/embedded/open-root.ts';
import { StoreUnreachable } from '../../use-cases/ports.ts';
import { forgottenName, stillForgotten } from './forgotten.ts';
import { newKey } from './new-key.ts';
import { overwrite, placesOf } from './overwrite.ts';
import { type Asked, type KeyTable, needsKey, type UserKey } from './user-keys.ts';

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
  const { root, keys, forgotten } = await opened(folder);
  let isOpen = true;

  /** INVARIANT: LMDB is never touched after it is closed; that would end the process, not throw. */
  function whileOpen<T>(work: () => T): T {
    if (!isOpen) throw new StoreUnreachable('the keys of the decision log are closed');
    return work();
  }

  function writing<T>(write: () => T): Promise<T> {
    return whileOpen(() => runTransaction(root, write, WRITE_WITHIN_MS, (cause) => unusable(folder, cause)));
  }

  /**
   * LMDB leaves what is removed in pages that are free until it needs them. INVARIANT: they are written while this holds the lock of writers,
   * so that none of them is in use again.
   */
  async function wipe(user: string, key: string): Promise<void> {
    const path = join(folder, 'data.mdb');
    const row = Buffer.from(user + JSON.stringify(key));
    try {
      const places = await placesOf(row, path);
      if (places.length > 0) await writing(() => overwrite(row, path, places));
    } catch {
      // The key is out of use all the same, and a system that lets nobody write into an open file has no better way.
    }
  }

  return {
    async keysOf(asked) {
      const read = ({ user }: Asked): UserKey => ({
        key: keys.get(user),
        forgottenAt: stillForgotten(forgotten.get(forgottenName(user))),
      });
      const known = whileOpen(() => asked.map(read));
      if (!asked.some((each, index) => needsKey(each, known[index]))) return known;
      return writing(() =>
        asked.map((each) => {
          const found = read(each);
          if (!needsKey(each, found)) return found;
          const key = newKey();
          keys.put(each.user, key);
          return { ...found, key };
        }),
      );
    },
    keyOf: async (user) => whileOpen(() => keys.get(user)),
    async forget(user) {
      const key = await writing(() => {
        const existing = keys.get(user);
        for (const { key, value } of [...forgotten.getRange()]) {
          if (stillForgotten(value) === undefined) forgotten.remove(key);
        }
        forgotten.put(forgottenName(user), Date.now());
        keys.remove(user);
        return existing;
      });
      if (key !== undefined) await wipe(user, key);
      return key !== undefined;
    },
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
    const root = openRoot<string>(folder);
    return {
      root,
      keys: root.openDB<string, string>({ name: 'keys', encoding: 'json' }),
      forgotten: root.openDB<Instant, string>({ name: 'forgotten', encoding: 'json' }),
    };
  } catch (cause) {
    throw unusable(folder, cause);
  }
}

function unusable(folder: string, cause: unknown): StoreUnreachable {
  if (cause instanceof StoreUnreachable) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreUnreachable(`the folder \`${folder}\` cannot be used: ${reason}`, { cause });
}
