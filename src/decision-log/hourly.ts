const HOUR_MS = 3_600_000;
const AGAIN_MS = 60_000;

export interface HourlyOptions {
  readonly everyMs?: number;
  /** How soon it is tried again after a failure; after each further one twice as long, up to `everyMs`. */
  readonly againMs?: number;
}

/** Does something at once and then every hour, for which nobody waits. Answers how to end that: what fails afterwards is told to nobody. */
export function hourly(
  work: () => Promise<unknown>,
  onFailure: (error: unknown) => void,
  { everyMs = HOUR_MS, againMs = AGAIN_MS }: HourlyOptions = {},
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let again = againMs;

  async function once(): Promise<void> {
    let next = everyMs;
    try {
      await work();
      again = againMs;
    } catch (error) {
      // What is being closed cannot be put in order.
      if (stopped) return;
      onFailure(error);
      next = Math.min(again, everyMs);
      again *= 2;
    }
    if (stopped) return;
    timer = setTimeout(once, next);
    timer.unref();
  }

  void once();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
