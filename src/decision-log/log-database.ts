import type { Db } from 'mongodb';
import { Breaker } from '../stores/breaker/breaker.ts';
import { letGo } from '../stores/mongo/let-go.ts';
import { bounded, databaseIn, makeClient } from '../stores/mongo/mongo-connection.ts';
import { StoreUnreachable } from '../use-cases/ports.ts';

/**
 * The database that the log, or its keys, are in, by connections of its own: what it does never makes a decision wait. Its outages cost
 * whoever reads the log a wait once.
 */
export interface LogDatabase {
  /**
   * Runs one operation. Throws `StoreUnreachable` where it takes too long, and at once while the database is known to be away. `withinMs`: of
   * one that may take longer than others.
   */
  run<T>(what: string, operation: (db: Db, signal: AbortSignal) => Promise<T>, withinMs?: number): Promise<T>;
  close(): Promise<void>;
}

const WITHIN_MS = 3000;
const PROBE_WITHIN_MS = 500;

/** Connects with the first operation, and so never fails here but for an address that is not understood. */
export function logDatabase(uri: string, { timeoutMs = WITHIN_MS } = {}): LogDatabase {
  const name = databaseIn(uri) ?? 'perkbook';
  let client = makeClient(uri, timeoutMs);
  let connecting: Promise<Db> | undefined;
  let closed: Promise<void> | undefined;

  /** INVARIANT: a client that could not connect is never used again: the driver has closed it for good. Once connected, it finds back. */
  function connected(): Promise<Db> {
    if (closed !== undefined) return Promise.reject(new StoreUnreachable('the database of the decision log is closed'));
    connecting ??= client.connect().then(
      (each) => each.db(name, { readPreference: 'primary' }),
      (error: unknown) => {
        connecting = undefined;
        void letGo(client);
        client = makeClient(uri, timeoutMs);
        throw error;
      },
    );
    return connecting;
  }

  function within<T>(what: string, ms: number, operation: (db: Db, signal: AbortSignal) => Promise<T>): Promise<T> {
    return bounded(what, ms, async (signal) => operation(await Promise.race([connected(), abortOf(signal)]), signal));
  }

  const breaker = new Breaker({
    probe: () => within('reach MongoDB', PROBE_WITHIN_MS, (db, signal) => db.command({ ping: 1 }, { signal })),
  });
  return {
    run: (what, operation, withinMs = timeoutMs) => breaker.run(() => within(what, withinMs, operation)),
    close: () => {
      breaker.stop();
      closed ??= letGo(client);
      return closed;
    },
  };
}

/** Connecting heeds no signal: it goes on, and whoever asks next may find it done. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
