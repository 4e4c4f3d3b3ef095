import type { Terminal } from './terminal.ts';

const EVERY_MS = 100;

/** One line on stderr that is written over, ten times a second at most, and only on a terminal. */
export function progressOn(
  terminal: Terminal,
  now: () => number = Date.now,
): { show(text: () => string): void; clear(): void } {
  let last = Number.NEGATIVE_INFINITY;
  let shown = false;
  return {
    show(text) {
      if (!terminal.showsProgress || now() - last < EVERY_MS) return;
      last = now();
      shown = true;
      terminal.err(`\r\u001b[K${text()}`);
    },
    clear() {
      if (shown) terminal.err('\r\u001b[K');
      shown = false;
    },
  };
}
