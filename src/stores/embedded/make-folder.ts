import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const PRIVATE = { mode: 0o700 };

/**
 * Makes a folder and those above it, where they are missing. Not Node's own recursive `mkdir`, which never ends where a file system
 * takes no new folders and says `ENOENT`, as `/proc` does. What it makes is for this user alone: facts and keys lie below it.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, PRIVATE);
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    const above = dirname(folder);
    if (codeOf(error) !== 'ENOENT' || above === folder || (await isThere(above))) throw error;
    await makeFolder(above);
    // Another process may make it at the same time.
    await mkdir(folder, PRIVATE).catch(async (again: unknown) => {
      if (codeOf(again) !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw again;
    });
  }
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
