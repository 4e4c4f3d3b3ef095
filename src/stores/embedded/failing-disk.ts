import { statfsSync } from 'node:fs';
import { StoreUnreachable } from '../../use-cases/ports.ts';

/** For so long a disk that has taken nothing is not tried again. */
const TRY_AGAIN_MS = 10_000;
/** Unless there is so much more room than there was: then only for so long. */
const MORE_ROOM_BYTES = 1_048_576;
const TRY_WITH_ROOM_MS = 1_000;

export interface FailingDiskOptions {
  /** How many bytes there are for who writes to the folder. */
  readonly room?: (folder: string) => number;
  /** Milliseconds on a clock that never goes back. */
  readonly elapsed?: () => number;
}

/**
 * Whether the disk takes what is written, as the last write has shown. LMDB puts lines of its own on stderr for each write that the system
 * refuses, which nobody can keep it from: so it is not asked for any while the disk is as full as it was.
 */
export class FailingDisk {
  readonly #folder: string;
  readonly #room: (folder: string) => number;
  readonly #elapsed: () => number;
  #failed: { readonly at: number; readonly room: number; readonly error: StoreUnreachable } | undefined;
  #isInDoubt = false;

  constructor(folder: string, { room = roomIn, elapsed = () => performance.now() }: FailingDiskOptions = {}) {
    this.#folder = folder;
    this.#room = room;
    this.#elapsed = elapsed;
  }

  /** Whether a write has failed, and none has been done since. */
  get isInDoubt(): boolean {
    return this.#isInDoubt;
  }

  /** Throws `StoreUnreachable` while a write would be in vain. */
  requireHope(): void {
    if (this.#failed === undefined) return;
    const { at, room, error } = this.#failed;
    const ms = this.#elapsed() - at;
    const mayTry = ms >= TRY_AGAIN_MS || (ms >= TRY_WITH_ROOM_MS && this.#room(this.#folder) >= room + MORE_ROOM_BYTES);
    if (!mayTry) throw new StoreUnreachable(error.message, { cause: error });
    this.#failed = undefined;
  }

  /** A write has failed. What to throw, where the reason is one of the system; undefined for any other. */
  failed(cause: unknown): StoreUnreachable | undefined {
    if (!isOfTheSystem(cause)) return undefined;
    // Behind the reason comes what LMDB was doing.
    const [reason = ''] = cause.message.split(': ');
    const message = `the data folder \`${this.#folder}\` could not be written: ${reason}; is there room on its disk?`;
    const error = new StoreUnreachable(message, { cause });
    this.#failed = { at: this.#elapsed(), room: this.#room(this.#folder), error };
    this.#isInDoubt = true;
    return error;
  }

  /** Something was written. */
  succeeded(): void {
    this.#isInDoubt = false;
  }
}

/** LMDB has negative numbers for reasons of its own. Where a write was done in part, it says no more than that there was an error. */
function isOfTheSystem(cause: unknown): cause is Error {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'number' && cause.code > 0;
}

function roomIn(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    // The folder is gone, which others say.
    return 0;
  }
}
