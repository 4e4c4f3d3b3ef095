import { resolve } from 'node:path';
import { open, type RootDatabase } from 'lmdb';

/** Facts about people, and what keys are checked by: no other user of the machine reads them. The types of lmdb do not know of it. */
const PRIVATE = { permissionsMode: 0o600 };

/** The LMDB file of a folder that is there. What is made is for this user alone; a file that was there keeps its permissions. */
export function openRoot<V>(folder: string): RootDatabase<V, string> {
  return open<V, string>({
    ...PRIVATE,
    path: resolve(folder),
    noSubdir: false,
    encoding: 'json',
    // INVARIANT: with overlapping syncs two processes can both win the same guarded write.
    overlappingSync: false,
    // With it, lmdb leaves a rejected promise of its own unhandled when the disk is full, which ends the process.
    eventTurnBatching: false,
  });
}
