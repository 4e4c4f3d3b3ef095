import type { ChangeStream } from 'mongodb';
import { letGo } from '../../stores/mongo/let-go.ts';
import type { Watching } from '../../use-cases/rule-sets/ports.ts';
import type { RulesConnection } from './mongo-rules-connection.ts';

/** INVARIANT: with the time that one look takes, well below the 2 s within which every evaluator switches. */
const LOOK_EVERY_MS = 1_000;
/** How long to wait before a stream is opened again, and where the server has none. */
const OPEN_AGAIN_MS = 2_000;

/**
 * Calls back when a rule set may have changed. A change stream makes it immediate where the server has one; looking each second is
 * what is relied on, because a stream may be silent for other reasons than that nothing happens. An event only says "look", so none
 * can be missed for good, and a stream that breaks is simply opened again.
 */
export function watchMongo({ ruleSets }: RulesConnection, mayHaveChanged: () => void): Watching {
  let stream: ChangeStream | undefined;
  let again: NodeJS.Timeout | undefined;
  let stopped = false;

  function open(): void {
    if (stopped) return;
    try {
      const opened = ruleSets.watch([], { maxAwaitTimeMS: 1_000 });
      stream = opened;
      opened.on('change', mayHaveChanged);
      opened.on('error', () => reopen(opened));
      opened.on('close', () => reopen(opened));
    } catch {
      reopen(undefined);
    }
  }

  function reopen(broken: ChangeStream | undefined): void {
    if (stopped || stream !== broken) return;
    stream = undefined;
    broken?.removeAllListeners();
    // A stream that is closed twice may still tell of its first error.
    broken?.on('error', () => undefined);
    void broken?.close().catch(() => undefined);
    again = setTimeout(open, OPEN_AGAIN_MS);
    again.unref();
  }

  open();
  const timer = setInterval(mayHaveChanged, LOOK_EVERY_MS);
  timer.unref();
  return {
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      clearTimeout(again);
      const last = stream;
      stream = undefined;
      last?.removeAllListeners();
      last?.on('error', () => undefined);
      await letGo(last);
    },
  };
}
