import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../domain/problem.ts';
import { MemberQueue } from '../stores/mongo/member-queue.ts';
import type { Line, Place } from './lines.ts';
import { fromMemberLine, type MemberLine } from './member-line.ts';
import type { MemberTarget } from './member-target.ts';

export interface ImportCounts {
  /** Lines that are done, blank ones too. */
  readonly lines: number;
  readonly members: number;
  readonly created: number;
  readonly rejected: number;
  /** Members with terms that run at the same time. */
  readonly overlaps: number;
}

/** A line that is no member that can be stored. */
export interface Rejected {
  readonly line: Line;
  readonly problem: Problem;
}

export interface ImportOptions {
  /** Whether a line that is rejected ends the import. */
  readonly onError: 'stop' | 'skip';
  /** Aborted to stop after the lines that are under way. */
  readonly signal?: AbortSignal;
  readonly onRejected: (rejected: Rejected) => void;
  /** Told often; every line before the place is done. */
  readonly onProgress?: (place: Place, counts: ImportCounts) => void;
  /** How long an outage may last before it ends the import. */
  readonly patienceMs?: number;
}

export interface Imported extends ImportCounts {
  /** Where to go on: every line before it is done. */
  readonly place: Place;
  readonly ended: 'done' | 'stopped' | 'rejected';
}

/** The store could not be reached for too long. What is done is done; the import can go on later from `place`. */
export class ImportInterrupted extends Error {
  override readonly name = 'ImportInterrupted';
  readonly place: Place;

  constructor(place: Place, cause: Error) {
    super(cause.message, { cause });
    this.place = place;
  }
}

/** So many writes share one sync of the disk, and use the connections to MongoDB well. */
const AT_ONCE = 128;
/** Fewer at once where they are large: what is under way is in memory. */
const BYTES_AT_ONCE = 64 * 1_048_576;
const PATIENCE_MS = 30_000;
const LONGEST_PAUSE_MS = 2_000;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Not the line itself: behind one that waits for the store there may be very many that are done. */
interface UnderWay {
  readonly place: Place;
  isDone: boolean;
}

/**
 * Writes the members of a file, many at a time. INVARIANT: lines about the same member are written in their order. A line that comes
 * again changes nothing, so an import may be repeated, and go on somewhere before where it ended.
 */
export async function importMembers(
  lines: AsyncIterable<Line>,
  target: MemberTarget,
  options: ImportOptions,
  from: Place = { line: 0, bytes: 0 },
): Promise<Imported> {
  const { onError, signal, onRejected, onProgress, patienceMs = PATIENCE_MS } = options;
  const queue = new MemberQueue();
  /** In the order of the file, from the first that is not done. */
  const underWay: UnderWay[] = [];
  let running = 0;
  let bytesRunning = 0;
  /** Called when one that was running has ended. */
  let wake = (): void => {};
  const counts = { lines: 0, members: 0, created: 0, rejected: 0, overlaps: 0 };
  let place = from;
  let failure: Error | undefined;
  let ended: Imported['ended'] = 'done';

  function done(each: UnderWay): void {
    each.isDone = true;
    for (let first = underWay[0]; first?.isDone === true; first = underWay[0]) {
      place = first.place;
      counts.lines += 1;
      underWay.shift();
    }
    onProgress?.(place, counts);
  }

  /** With `stop` the line is not done: the next import begins with it. */
  function reject(each: UnderWay, line: Line, problem: Problem): void {
    onRejected({ line, problem });
    counts.rejected += 1;
    if (onError === 'skip') done(each);
    else ended = 'rejected';
  }

  async function write(each: UnderWay, line: Line, member: MemberLine): Promise<void> {
    const size = line.bytes?.length ?? 0;
    running += 1;
    bytesRunning += size;
    try {
      const { created, overlaps } = await queue.run(member.id, () => patiently(() => target.put(member)));
      counts.members += 1;
      if (created) counts.created += 1;
      if (overlaps) counts.overlaps += 1;
      done(each);
    } catch (error) {
      if (error instanceof Problem && !isPassing(error)) reject(each, line, error);
      else failure ??= error instanceof Error ? error : new Error(String(error));
    } finally {
      running -= 1;
      bytesRunning -= size;
      wake();
    }
  }

  async function patiently<T>(put: () => Promise<T>): Promise<T> {
    const giveUpAt = performance.now() + patienceMs;
    for (let pause = 100; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        return await put();
      } catch (error) {
        const isOver = performance.now() + pause > giveUpAt || signal?.aborted === true || failure !== undefined;
        if (!isPassing(error) || isOver) throw error;
      }
      await sleep(pause);
    }
  }

  function oneEnded(): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve;
    });
  }

  for await (const line of lines) {
    if (signal?.aborted === true) ended = 'stopped';
    if (ended !== 'done' || failure !== undefined) break;
    const each: UnderWay = { place: { line: line.number, bytes: line.end }, isDone: false };
    underWay.push(each);
    const member = understood(line);
    if (member instanceof Problem) reject(each, line, member);
    else if (member === undefined) done(each);
    else {
      void write(each, line, member);
      while (running >= AT_ONCE || bytesRunning >= BYTES_AT_ONCE) await oneEnded();
    }
  }
  while (running > 0) await oneEnded();
  if (failure !== undefined) {
    if (isPassing(failure)) throw new ImportInterrupted(place, failure);
    throw failure;
  }
  // The lines may have ended because of the signal, and between two of them.
  if (ended === 'done' && signal?.aborted === true) ended = 'stopped';
  return { ...counts, place, ended };
}

/** Undefined for a blank line. */
function understood({ bytes }: Line): MemberLine | Problem | undefined {
  if (bytes === undefined) return new Problem('body_too_large', 'this line is longer than any member can be');
  const text = textIn(bytes);
  if (text === undefined) return new Problem('malformed_json', 'this line is not UTF-8, in which members are written');
  if (text.trim() === '') return undefined;
  try {
    return fromMemberLine(text);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

/** Undefined where it is no UTF-8: with characters put in place of what is none it would be another member. */
function textIn(bytes: Buffer): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The same may go well later. */
function isPassing(error: unknown): boolean {
  return error instanceof Problem && (error.code === 'facts_unreachable' || error.code === 'too_many_requests');
}
