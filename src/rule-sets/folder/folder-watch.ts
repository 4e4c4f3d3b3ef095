import { type FSWatcher, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Watching } from '../../use-cases/rule-sets/ports.ts';

/** Editors save in several steps, and a checkout writes many files: they are looked at together, when it is quiet. */
const QUIET_MS = 80;
/** Not every file system tells of changes. */
const LOOK_EVERY_MS = 1_000;

/** Calls back when something below the folder has changed, whether the file system tells of it or not. */
export async function watchFolder(folder: string, mayHaveChanged: () => void): Promise<Watching> {
  const watchers = new Map<string, FSWatcher>();
  let seen = await looksOf(folder);
  let quiet: NodeJS.Timeout | undefined;
  let stopped = false;

  function notice(): void {
    clearTimeout(quiet);
    if (stopped) return;
    quiet = setTimeout(() => {
      mayHaveChanged();
      // A folder that is new wants a watcher of its own.
      void look().catch(() => undefined);
    }, QUIET_MS);
  }

  /** One watcher a folder: a file that is saved by renaming another onto it is told of by its folder only. */
  function listen(places: readonly string[]): void {
    for (const [place, watcher] of watchers) {
      if (places.includes(place)) continue;
      watcher.close();
      watchers.delete(place);
    }
    for (const place of places) {
      if (watchers.has(place) || stopped) continue;
      try {
        const watcher = watch(place, { persistent: false }, notice);
        watcher.on('error', () => {
          watcher.close();
          watchers.delete(place);
        });
        watchers.set(place, watcher);
      } catch {
        // The look from time to time is enough.
      }
    }
  }

  let looking = false;
  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    try {
      const looks = await looksOf(folder);
      listen(looks.folders);
      if (looks.text !== seen.text) notice();
      seen = looks;
    } finally {
      looking = false;
    }
  }

  listen(seen.folders);
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS);
  timer.unref();
  return {
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      clearTimeout(quiet);
      listen([]);
    },
  };
}

interface Looks {
  readonly folders: readonly string[];
  readonly text: string;
}

/** Names, sizes and times: enough to notice a change without reading a file. */
async function looksOf(folder: string): Promise<Looks> {
  const ruleSets = (await readdir(folder, { withFileTypes: true }).catch(() => []))
    .filter((each) => each.isDirectory() && !each.name.startsWith('.'))
    .map((each) => join(folder, each.name));
  const lines = await Promise.all(
    ruleSets.map(async (place) => {
      const names = (await readdir(place).catch(() => [])).filter((name) => !name.startsWith('.')).sort();
      const found = await Promise.all(names.map(async (name) => lookOf(join(place, name))));
      return `${place}\n${found.join('\n')}`;
    }),
  );
  return { folders: [folder, ...ruleSets], text: lines.join('\n') };
}

async function lookOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  return found === undefined ? `${file} -` : `${file} ${found.size} ${found.mtimeMs} ${found.ino}`;
}
