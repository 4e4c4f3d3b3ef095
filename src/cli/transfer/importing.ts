import { Checkpoint, CheckpointFailed } from '../../transfer/checkpoint.ts';
import { type Imported, ImportInterrupted, type ImportOptions, importMembers } from '../../transfer/import-members.ts';
import { linesOf, type Place } from '../../transfer/lines.ts';
import { NotDone, WrongUse } from '../frame/errors.ts';
import { orNotDone } from '../frame/or-not-done.ts';
import { progressOn } from '../frame/progress.ts';
import { progressBar } from '../frame/progress-bar.ts';
import type { Terminal } from '../frame/terminal.ts';
import type { ImportInput } from './import-input.ts';
import type { OpenTarget } from './import-target.ts';
import type { Rejects } from './rejects.ts';
import { ServerRefuses } from './server-members.ts';
import { until } from './until.ts';

export interface Importing extends Pick<ImportOptions, 'onError'> {
  readonly input: ImportInput;
  readonly target: OpenTarget;
  readonly resume: boolean;
  readonly rejects: Rejects;
}

const SAVE_EVERY_MS = 1_000;

/** An import as a person runs it: with its progress, stopped by Ctrl-C, and with a checkpoint to go on from. */
export function importing(work: Importing, terminal: Terminal): Promise<Imported> {
  return orNotDone(() => imported(work, terminal), ServerRefuses, CheckpointFailed);
}

async function imported(work: Importing, terminal: Terminal): Promise<Imported> {
  const { input, target, rejects, onError } = work;
  const { file } = input;
  const checkpoint = file === undefined || target.place === 'check' ? undefined : new Checkpoint(file, target.place);
  const from = startOf(work, checkpoint, terminal);
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  const progress = progressOn(terminal);
  const begun = performance.now();
  let savedAt = begun;
  process.once('SIGINT', stop);
  try {
    const done = await importMembers(
      linesOf(until(stopping.signal, input.chunks(from)), from),
      target,
      {
        onError,
        signal: stopping.signal,
        onRejected: (rejected) => {
          progress.clear();
          rejects.tell(rejected);
          rejects.keep(rejected);
        },
        onProgress: (place, { members }) => {
          const now = performance.now();
          progress.show(() => progressText(input.size, place, members, (now - begun) / 1000));
          if (now - savedAt < SAVE_EVERY_MS) return;
          savedAt = now;
          checkpoint?.write(place);
        },
      },
      from,
    );
    progress.clear();
    if (done.ended === 'done') checkpoint?.remove();
    else goOn(done.place, done.ended, work, checkpoint, terminal);
    return done;
  } catch (error) {
    progress.clear();
    if (!(error instanceof ImportInterrupted)) throw error;
    goOn(error.place, 'interrupted', work, checkpoint, terminal);
    throw new NotDone(error.message, { cause: error });
  } finally {
    process.off('SIGINT', stop);
  }
}

function startOf({ resume, input }: Importing, checkpoint: Checkpoint | undefined, terminal: Terminal): Place {
  const start = { line: 0, bytes: 0 };
  if (resume) {
    const place = checkpoint?.read() ?? 'a check begins from the start each time';
    if (typeof place === 'string') throw new WrongUse(place);
    return place;
  }
  if (checkpoint?.isThere === true) {
    terminal.err(
      `an import of \`${input.file}\` was stopped before; \`--resume\` would go on there, this one begins again\n`,
    );
  }
  return start;
}

function goOn(
  place: Place,
  why: 'stopped' | 'rejected' | 'interrupted',
  { input, onError }: Importing,
  checkpoint: Checkpoint | undefined,
  terminal: Terminal,
): void {
  if (checkpoint === undefined) return;
  checkpoint.write(place);
  const lines =
    place.line === 0 ? 'nothing is' : place.line === 1 ? 'line 1 is' : `${place.line.toLocaleString('en')} lines are`;
  const mend = why === 'rejected' ? `mend line ${place.line + 1}, then ` : '';
  const skip = why === 'rejected' ? '; `--on-error skip` leaves such lines out' : '';
  // The same command again: what was skipped before is not what it stops at now.
  const asBefore = onError === 'skip' ? ' --on-error skip' : '';
  terminal.err(`${lines} imported; ${mend}go on with \`perkbook import ${input.shown} --resume${asBefore}\`${skip}\n`);
}

function progressText(size: number | undefined, { bytes }: Place, members: number, seconds: number): string {
  const bar = size === undefined ? '' : `${progressBar(bytes, size)}  `;
  const speed = Math.round(members / Math.max(seconds, 0.001));
  return `${bar}${members.toLocaleString('en')} members, ${speed.toLocaleString('en')} a second`;
}
