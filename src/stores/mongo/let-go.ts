/** A server that answers is done within milliseconds. */
const WITHIN_MS = 1_000;

/**
 * Closes a client, or what it follows, and never waits for long: the driver says good-bye to the server, and one that does not answer
 * would keep a process that stops for half a minute. What is not closed by then ends with the process. Never throws, because nothing is
 * lost: whoever closes has had all its answers.
 */
export async function letGo(closing: { close(): Promise<void> } | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, WITHIN_MS);
  });
  await Promise.race([closing?.close().catch(() => undefined), enough]);
  clearTimeout(timer);
}
