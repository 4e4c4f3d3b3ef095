import type { Db } from 'mongodb';
import { databaseIn, makeClient } from '../stores/mongo/mongo-connection.ts';

/** The database that the log, or its keys, are in, by connections of its own: what it does never makes a decision wait. */
export interface LogDatabase {
  readonly db: Db;
  readonly timeoutMs: number;
  close(): Promise<void>;
}

const WITHIN_MS = 3000;

/** Connects with the first operation, and so never fails here but for an address that is not understood. */
export function logDatabase(uri: string, { timeoutMs = WITHIN_MS } = {}): LogDatabase {
  const client = makeClient(uri, timeoutMs);
  let closed: Promise<void> | undefined;
  return {
    db: client.db(databaseIn(uri) ?? 'perkbook', { readPreference: 'primary' }),
    timeoutMs,
    close: () => {
      closed ??= client.close();
      return closed;
    },
  };
}
