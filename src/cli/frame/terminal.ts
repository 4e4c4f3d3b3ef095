import pico from 'picocolors';

export type Colours = ReturnType<typeof pico.createColors>;

type Environment = Readonly<Record<string, string | undefined>>;

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly writableNeedDrain?: boolean;
  write(text: string): boolean;
  once?(event: 'drain', listener: () => void): unknown;
  off?(event: 'drain', listener: () => void): unknown;
}

/** Where a command writes to. */
export interface Terminal {
  /** What was asked for: stdout. */
  out(text: string): void;
  /** Until whoever reads stdout has taken most of it, or the signal: who writes very much waits for that, or holds it all. */
  taken(signal: AbortSignal): Promise<void>;
  /** What goes with it: stderr. */
  err(text: string): void;
  /** For `out` and for `err`: each may be a file or a pipe. */
  readonly colours: Colours;
  readonly errColours: Colours;
  /** How wide `out` is; undefined where it is no terminal, and lines are as long as they are. */
  readonly columns: number | undefined;
  readonly showsProgress: boolean;
  readonly environment: Environment;
}

export function makeTerminal(out: Stream, err: Stream, environment: Environment): Terminal {
  return {
    out: (text) => void out.write(text),
    taken: (signal) => takenFrom(out, signal),
    err: (text) => void err.write(text),
    colours: pico.createColors(hasColours(out, environment)),
    errColours: pico.createColors(hasColours(err, environment)),
    columns: out.isTTY === true ? out.columns : undefined,
    showsProgress: err.isTTY === true && environment.TERM !== 'dumb',
    environment,
  };
}

function takenFrom(out: Stream, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (out.writableNeedDrain !== true || signal.aborted) return resolve();
    const end = () => {
      out.off?.('drain', end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    out.once?.('drain', end);
    signal.addEventListener('abort', end);
  });
}

/** Only on a terminal, and never with NO_COLOR, whatever its value; an empty one does not count. */
export function hasColours(stream: Pick<Stream, 'isTTY'>, environment: Environment): boolean {
  const refused = environment.NO_COLOR !== undefined && environment.NO_COLOR !== '';
  return stream.isTTY === true && !refused && environment.TERM !== 'dumb';
}
