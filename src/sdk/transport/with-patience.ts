import { PerkbookError } from '../perkbook-error.ts';

export interface Patience {
  /** In milliseconds. */
  readonly ms: number;
  /** Asked when they are over: whether there is anything better to do than to wait on. */
  mayGiveUp(): boolean;
}

/**
 * Does `work` with a signal that is aborted with `signal`, and when patience is at its end: that is a `timeout`, whether or not
 * `work` heeds its signal.
 */
export async function withPatience<T>(
  { ms, mayGiveUp }: Patience,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const abort = () => {
    // A `fetch` that does not heed its signal must not hold the process.
    clearTimeout(timer);
    controller.abort();
  };
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      if (!mayGiveUp()) return;
      reject(new PerkbookError('timeout', `no answer within ${Math.round(ms)} ms`));
      abort();
    }, ms);
  });
  signal.addEventListener('abort', abort);
  if (signal.aborted) abort();
  try {
    return await Promise.race([work(controller.signal), end]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
