import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '../../domain/instant.ts';
import { checkDataFile } from '../../stores/embedded/data-file.ts';
import { runTransaction } from '../../stores/embedded/embedded-transaction.ts';
import { makeFolder } from '../../stores/embedded/make-folder.ts';
import { openRoot } from '../../stores/embedded/open-root.ts';
import { StoreUnreachable } from '../../use-cases/ports.ts';
import { BelievedClock } from '../believed-clock.ts';
import { nextTurn } from '../turns.ts';
import { forgottenName, stillForgotten } from './forgotten.ts';
import { newKey } from './new-key.ts';
import { overwrite, placesOf } from './overwrite.ts';
import { dayOf, keptFor, startOf } from './used-on.ts';
import { type Asked, type KeyTable, needsKey } from './user-keys.ts';

const WRITE_WITHIN_MS = 10_000;
/** So many rows are looked at or changed in one go: nobody waits long for it. */
const AT_ONCE = 200;
/** For so many removed rows the file is looked through once. */
const MOST_HELD = 20_000;
/** In days: more than it takes to notice that a clock was set. */
const MARKS_KEPT = 10;
/** A key, as it stands in its row. */
const KEY = /(?<=")[\w-]{43}/g;
/** What stands for who was forgotten, before when that was. */
const FORGOTTEN = /[\da-f]{32}(?=\d{13})/g;

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
  const { root, keys, forgotten, days } = await opened(folder);
  const clock = new BelievedClock();
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
   * so that none of them is in use again; `isBack`: a row that is stored again is left alone.
   */
  async function wipe(
    part: RegExp,
    byPart: ReadonlyMap<string, Buffer>,
    isBack: (row: Buffer) => boolean = () => false,
  ): Promise<void> {
    if (byPart.size === 0) return;
    const path = join(folder, 'data.mdb');
    try {
      const places = await placesOf({ part, byPart }, path);
      for (let i = 0; i < places.length; i += AT_ONCE) {
        const some = places.slice(i, i + AT_ONCE);
        await writing(() => {
          const gone = some.filter(({ row }) => !isBack(row));
          overwrite(gone, path);
        });
        await nextTurn();
      }
    } catch {
      // The keys are out of use all the same, and a system that lets nobody write into an open file has no better way.
    }
  }

  const wipeKeys = (removed: Iterable<readonly [user: string, key: string]>) =>
    wipe(KEY, new Map([...removed].map(([user, key]) => [key, Buffer.from(`${user}"${key}`)])));

  /** Of nobody is known for ever that they were forgotten. */
  async function dropForgotten(): Promise<void> {
    const past = () => [...forgotten.getRange()].filter(({ value }) => stillForgotten(value) === undefined);
    if (whileOpen(past).length === 0) return;
    const names = await writing(() =>
      past().map(({ key }) => {
        forgotten.remove(key);
        return key;
      }),
    );
    const isBack = (row: Buffer) => forgotten.get(row.toString()) !== undefined;
    await wipe(FORGOTTEN, new Map(names.map((name) => [name, Buffer.from(name)])), isBack);
  }

  /** All keys, some at a time. */
  async function* allKeys(): AsyncGenerator<readonly { readonly key: string; readonly value: string }[]> {
    let start: string | undefined;
    for (;;) {
      const behind = start === undefined ? {} : { start, exclusiveStart: true };
      const some = whileOpen(() => [...keys.getRange({ ...behind, limit: AT_ONCE })]);
      start = some.at(-1)?.key;
      if (start === undefined) return;
      yield some;
      await nextTurn();
    }
  }

  /** The day by which keys are dropped: for each one on which a server has tidied up there is a mark. */
  async function believedDay(): Promise<number> {
    const marks = whileOpen(() => [...days.getKeys()].map(Number));
    const now = clock.now(marks.map((day) => ({ from: startOf(day), to: startOf(day + 1) })));
    const today = dayOf(Date.now());
    if (!marks.includes(today)) {
      await writing(() => {
        days.put(String(today), true);
        for (const day of marks) if (day < dayOf(now) - MARKS_KEPT) days.remove(String(day));
      });
    }
    return dayOf(now);
  }

  async function dropUnused(keepDays: number): Promise<void> {
    const day = await believedDay();
    const first = day - keptFor(keepDays);
    const isUnused = (value: string | undefined) => value !== undefined && (fromStored(value).day ?? first) < first;
    const isUndated = (value: string | undefined) => value !== undefined && fromStored(value).day === undefined;
    const removed = new Map<string, string>();
    for await (const some of allKeys()) {
      const found = some.filter(({ value }) => isUnused(value) || isUndated(value));
      if (found.length === 0) continue;
      await writing(() => {
        for (const { key: user } of found) {
          // Another process may have used it meanwhile.
          const stored = keys.get(user);
          if (stored === undefined) continue;
          const { key } = fromStored(stored);
          if (isUnused(stored)) {
            keys.remove(user);
            removed.set(user, key);
          } else if (isUndated(stored)) keys.put(user, toStored(key, day));
        }
      });
      if (removed.size >= MOST_HELD) {
        await wipeKeys(removed);
        removed.clear();
      }
    }
    await wipeKeys(removed);
  }

  return {
    async keysOf(asked) {
      const today = dayOf(Date.now());
      const read = ({ user }: Asked) => {
        const stored = keys.get(user);
        const forgottenAt = stillForgotten(forgotten.get(forgottenName(user)));
        return { ...(stored === undefined ? { key: undefined, day: undefined } : fromStored(stored)), forgottenAt };
      };
      const known = whileOpen(() => asked.map(read));
      const isMissing = asked.some((each, index) => needsKey(each, known[index]));
      if (!isMissing && known.every(({ key, day }) => key === undefined || day === today)) return known;
      const written = writing(() =>
        asked.map((each) => {
          const found = read(each);
          const key = needsKey(each, found) ? newKey() : found.key;
          if (key !== undefined && (key !== found.key || found.day !== today))
            keys.put(each.user, toStored(key, today));
          return { ...found, key };
        }),
      );
      // That a key was used is written down when it can be; what is known is known all the same.
      return isMissing ? written : written.catch(() => known);
    },
    keyOf: async (user) => {
      const stored = whileOpen(() => keys.get(user));
      return stored === undefined ? undefined : fromStored(stored).key;
    },
    async forget(user) {
      const stored = await writing(() => {
        const existing = keys.get(user);
        forgotten.put(forgottenName(user), Date.now());
        keys.remove(user);
        return existing;
      });
      if (stored !== undefined) await wipeKeys([[user, fromStored(stored).key]]);
      // The user is forgotten all the same where this cannot be.
      await dropForgotten().catch(() => undefined);
      return stored !== undefined;
    },
    async tidy(keepDays) {
      await dropForgotten();
      await dropUnused(keepDays);
    },
    async close() {
      if (!isOpen) return;
      isOpen = false;
      await root.close();
    },
  };
}

/** A key with the day on which it was used last, which one of before may not have. The key comes first: its row is found whatever the day. */
function toStored(key: string, day: number): string {
  return `${key}.${day}`;
}

function fromStored(stored: string): { readonly key: string; readonly day: number | undefined } {
  const [key = '', day] = stored.split('.');
  return { key, day: day === undefined ? undefined : Number(day) };
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
      days: root.openDB<true, string>({ name: 'days', encoding: 'json' }),
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
