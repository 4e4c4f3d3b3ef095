type Log = (entry: Readonly<Record<string, unknown>>) => void;

const EVERY_MS = 60_000;
/** More different messages than an outage has. */
const REMEMBERED = 100;

/** A log that has each message at most once a minute: what fails with every request is said once, not with every request. */
export function logSeldom(log: Log): (message: string, entry: Readonly<Record<string, unknown>>) => void {
  const saidAt = new Map<string, number>();
  return (message, entry) => {
    const now = performance.now();
    if (now - (saidAt.get(message) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return;
    if (saidAt.size >= REMEMBERED) saidAt.clear();
    saidAt.set(message, now);
    log({ ...entry, message });
  };
}
