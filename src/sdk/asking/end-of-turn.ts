// Taken when this is loaded: who stops the clock in a test does not stop questions.
const immediate: typeof setImmediate | undefined = globalThis.setImmediate;
const Channel: typeof MessageChannel | undefined = globalThis.MessageChannel;
const timeout = globalThis.setTimeout;

/**
 * Does `work` when what runs now is over, with everything that waits for promises in it: as the next task there is. INVARIANT: it holds the
 * process until then and no longer, because somebody waits. A time-out is the last choice: browsers make it 4 milliseconds.
 */
export function atEndOfTurn(work: () => void): void {
  if (immediate !== undefined) immediate(work);
  else if (Channel !== undefined) throughChannel(new Channel(), work);
  else timeout(work, 0);
}

function throughChannel({ port1, port2 }: InstanceType<typeof MessageChannel>, work: () => void): void {
  const onMessage = () => {
    // An open port would hold the process.
    port1.close();
    work();
  };
  port1.addEventListener('message', onMessage, { once: true });
  port1.start();
  port2.postMessage(null);
}
