/** The error that a promise is expected to reject with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof Error) return outcome;
  throw new Error(`expected a rejection with an error, got ${outcome === undefined ? 'none' : String(outcome)}`);
}

/** Waits until the condition holds; throws after some seconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`it never came true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
