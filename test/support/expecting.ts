import { setTimeout as sleep } from 'node:timers/promises';

/** The error that a promise is expected to reject with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof Error) return outcome;
  throw new Error(`expected a rejection with an error, got ${outcome === undefined ? 'none' : String(outcome)}`);
}

/** Waits until something holds; throws when it does not within `withinMs`: long, unless how soon is what is tested. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error(`this did not come true within ${withinMs} ms: ${holds}`);
    await sleep(5);
  }
}
