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
  /** Told in the order of the file. What this or `onProgress` throws ends the import. */
  readonly onRejected: (rejected: Rejected) => void;
  /** Told often; every line before the place is done. */
  readonly onProgress?: (place: Place, counts: ImportCounts) => void;
  /** How long it may be that no line goes through before that ends the import; longer where the target has said when to come again. */
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
/** Fewer at once where they are large: what is under way is in memory, and so is what was rejected behind it. */
const BYTES_AT_ONCE = 64 * 1_048_576;
const PATIENCE_MS = 30_000;
const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Not the line itself: behind one that waits for the store there may be very many that are done. */
interface UnderWay {
  readonly place: Place;
  isDone: boolean;
  /** Told once everything before is done. */
  rejected?: Rejected;
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
  /** Lines that are rejected and not told yet. */
  let waiting = 0;
  let bytesHeld = 0;
  /** While others go through there is no outage, however long one has to wait. */
  let lastThroughAt = Number.NEGATIVE_INFINITY;
  /** Called when one that was running has ended. */
  let wake = (): void => {};
  const counts = { lines: 0, members: 0, created: 0, rejected: 0, overlaps: 0 };
  let place = from;
  let failure: Error | undefined;
  /** Whether whoever is told can still take it. */
  let isHeard = true;
  let ended: Imported['ended'] = 'done';

  function done(each: UnderWay): void {
    each.isDone = true;
    for (let first = underWay[0]; first?.isDone === true; first = underWay[0]) {
      if (first.rejected !== undefined && !hasTold(first.rejected)) return;
      place = first.place;
      counts.lines += 1;
      underWay.shift();
    }
    hasSaid(() => onProgress?.(place, counts));
  }

  /** With `stop` the line is not done: the next import begins with it. */
  function reject(each: UnderWay, line: Line, problem: Problem): void {
    each.rejected = { line, problem };
    waiting += 1;
    bytesHeld += sizeOf(line);
    if (onError === 'skip') done(each);
    else ended = 'rejected';
  }

  function hasTold(rejected: Rejected): boolean {
    if (!hasSaid(() => onRejected(rejected))) return false;
    waiting -= 1;
    bytesHeld -= sizeOf(rejected.line);
    counts.rejected += 1;
    return true;
  }

  /** False from the first time on that it fails. */
  function hasSaid(say: () => void): boolean {
    if (!isHeard) return false;
    try {
      say();
    } catch (error) {
      isHeard = false;
      failure ??= asError(error);
    }
    return isHeard;
  }

  async function write(each: UnderWay, line: Line, member: MemberLine): Promise<void> {
    running += 1;
    bytesHeld += sizeOf(line);
    try {
      const { created, overlaps } = await queue.run(member.id, () => patiently(() => target.put(member)));
      counts.members += 1;
      if (created) counts.created += 1;
      if (overlaps) counts.overlaps += 1;
      done(each);
    } catch (error) {
      if (error instanceof Problem && !isPassing(error)) reject(each, line, error);
      else failure ??= asError(error);
    } finally {
      running -= 1;
      bytesHeld -= sizeOf(line);
      wake();
    }
  }

  async function patiently<T>(put: () => Promise<T>): Promise<T> {
    const begunAt = performance.now();
    for (let pause = SHORTEST_PAUSE_MS; ; ) {
      try {
        const result = await put();
        lastThroughAt = performance.now();
        return result;
      } catch (error) {
        if (!isPassing(error)) throw error;
        const toldMs = (error.retryAfter ?? 0) * 1000;
        const giveUpAt = Math.max(begunAt, lastThroughAt) + patienceMs + toldMs;
        if (performance.now() + pause > giveUpAt) throw error;
        // Not all at the same instant: those that failed together would come back together.
        await asLongAsGoesOn(toldMs + pause * (0.5 + Math.random() / 2));
        if (isStopping()) throw error;
        if (toldMs === 0) pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
      }
    }
  }

  const isStopping = () => signal?.aborted === true || failure !== undefined;

  /** A target may ask for a long wait, and what stops the import does not wait for its end. */
  async function asLongAsGoesOn(ms: number): Promise<void> {
    const endsAt = performance.now() + ms;
    for (let left = ms; left > 0 && !isStopping(); left = endsAt - performance.now())
      await sleep(Math.min(left, LONGEST_PAUSE_MS));
  }

  /** INVARIANT: where nothing is running, nothing that is awaited can end. */
  const isFull = () => running > 0 && (running + waiting >= AT_ONCE || bytesHeld >= BYTES_AT_ONCE);

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
    else void write(each, line, member);
    while (isFull()) await oneEnded();
  }
  while (running > 0) await oneEnded();
  // With `stop`, what was found out behind the line that ended it.
  if (failure === undefined) underWay.every(({ rejected }) => rejected === undefined || hasTold(rejected));
  if (failure !== undefined) {
    if (isPassing(failure)) throw new ImportInterrupted(place, failure);
    throw failure;
  }
  // The lines may have ended because of the signal, and between two of them.
  if (ended === 'done' && signal?.aborted === true) ended = 'stopped';
  return { ...counts, place, ended };
}

function sizeOf({ bytes }: Line): number {
  return bytes?.length ?? 0;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
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
function isPassing(error: unknown): error is Problem {
  return error instanceof Problem && (error.code === 'facts_unreachable' || error.code === 'too_many_requests');
}
