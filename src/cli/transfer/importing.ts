import { Checkpoint } from '../../transfer/checkpoint.ts';
import { type Imported, ImportInterrupted, type ImportOptions, importMembers } from '../../transfer/import-members.ts';
import { linesOf, type Place } from '../../transfer/lines.ts';
import { ServerRefuses } from '../../transfer/server-members.ts';
import { NotDone, WrongUse } from '../frame/errors.ts';
import { orNotDone } from '../frame/or-not-done.ts';
import { progressOn } from '../frame/progress.ts';
import { progressBar } from '../frame/progress-bar.ts';
import type { Terminal } from '../frame/terminal.ts';
import type { OpenTarget } from './import-target.ts';
import type { Rejects } from './rejects.ts';

export interface Importing extends Pick<ImportOptions, 'onError'> {
  readonly target: OpenTarget;
  readonly shown: string;
  /** Absent for stdin, which nobody can go on with. */
  readonly file: string | undefined;
  readonly resume: boolean;
  /** In bytes, for the progress. */
  readonly size: number | undefined;
  chunks(from: Place): AsyncIterable<Buffer>;
  readonly rejects: Rejects;
}

const SAVE_EVERY_MS = 1_000;

/** An import as a person runs it: with its progress, stopped by Ctrl-C, and with a checkpoint to go on from. */
export async function importing(work: Importing, terminal: Terminal): Promise<Imported> {
  const { target, file, rejects, onError } = work;
  const checkpoint = file === undefined || target.place === 'check' ? undefined : new Checkpoint(file, target.place);
  const from = startOf(work, checkpoint, terminal);
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  const progress = progressOn(terminal);
  const begun = performance.now();
  let savedAt = begun;
  process.once('SIGINT', stop);
  try {
    const imported = await orNotDone(
      () =>
        importMembers(
          linesOf(until(stopping.signal, work.chunks(from)), from),
          target,
          {
            onError,
            signal: stopping.signal,
            onRejected: (rejected) => {
              progress.clear();
              rejects.tell(rejected);
              if (onError === 'skip') rejects.keep(rejected);
            },
            onProgress: (place, { members }) => {
              const now = performance.now();
              progress.show(() => progressText(work.size, place, members, (now - begun) / 1000));
              if (now - savedAt < SAVE_EVERY_MS) return;
              savedAt = now;
              checkpoint?.write(place);
            },
          },
          from,
        ),
      ServerRefuses,
    );
    progress.clear();
    if (imported.ended === 'done') checkpoint?.remove();
    else goOn(imported.place, imported.ended, work, checkpoint, terminal);
    return imported;
  } catch (error) {
    progress.clear();
    if (!(error instanceof ImportInterrupted)) throw error;
    goOn(error.place, 'interrupted', work, checkpoint, terminal);
    throw new NotDone(error.message, { cause: error });
  } finally {
    process.off('SIGINT', stop);
  }
}

function startOf({ resume, file }: Importing, checkpoint: Checkpoint | undefined, terminal: Terminal): Place {
  const start = { line: 0, bytes: 0 };
  if (resume) {
    const place = checkpoint?.read() ?? 'a check begins from the start each time';
    if (typeof place === 'string') throw new WrongUse(place);
    return place;
  }
  if (checkpoint?.isThere === true) {
    terminal.err(
      `an import of \`${file}\` was stopped before; \`--resume\` would go on there, this one begins again\n`,
    );
  }
  return start;
}

function goOn(
  place: Place,
  why: 'stopped' | 'rejected' | 'interrupted',
  { shown }: Importing,
  checkpoint: Checkpoint | undefined,
  terminal: Terminal,
): void {
  if (checkpoint === undefined) return;
  checkpoint.write(place);
  const lines =
    place.line === 0 ? 'nothing is' : place.line === 1 ? 'line 1 is' : `${place.line.toLocaleString('en')} lines are`;
  const mend = why === 'rejected' ? `mend line ${place.line + 1}, then ` : '';
  const skip = why === 'rejected' ? '; `--on-error skip` leaves such lines out' : '';
  terminal.err(`${lines} imported; ${mend}go on with \`perkbook import ${shown} --resume\`${skip}\n`);
}

function progressText(size: number | undefined, { bytes }: Place, members: number, seconds: number): string {
  const bar = size === undefined ? '' : `${progressBar(bytes, size)}  `;
  const speed = Math.round(members / Math.max(seconds, 0.001));
  return `${bar}${members.toLocaleString('en')} members, ${speed.toLocaleString('en')} a second`;
}

/** Ends with the signal: stdin may have nothing more to say for a long time. */
async function* until(signal: AbortSignal, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]();
  const aborted = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted]);
      if (next === undefined || next.done === true) return;
      yield next.value;
    }
  } finally {
    void iterator.return?.();
  }
}
