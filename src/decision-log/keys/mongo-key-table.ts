import type { Collection } from 'mongodb';
import { MongoBulkWriteError } from 'mongodb';
import { bounded, writing } from '../../stores/mongo/mongo-connection.ts';
import type { LogDatabase } from '../log-database.ts';
import { newKey } from './new-key.ts';
import type { KeyTable } from './user-keys.ts';

const DUPLICATE_KEY = 11000;

interface KeyDocument {
  readonly _id: string;
  readonly key: string;
}

/** Keys in MongoDB, for all evaluators. Each call that cannot be done in time throws `StoreUnreachable`. */
export function mongoKeyTable(database: LogDatabase): KeyTable {
  const keys: Collection<KeyDocument> = database.db.collection<KeyDocument>('decision_log_keys');
  const { timeoutMs } = database;

  async function read(users: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = await bounded('read from MongoDB', timeoutMs, (signal) =>
      keys.find({ _id: { $in: [...users] } }, { signal }).toArray(),
    );
    return new Map(found.map(({ _id, key }) => [_id, key]));
  }

  return {
    async keysOf(users) {
      let known = await read(users);
      const missing = users.filter((user) => !known.has(user));
      if (missing.length > 0) {
        await insertNew(missing);
        // Another process may have been first: what is stored counts.
        known = new Map([...known, ...(await read(missing))]);
      }
      return users.map((user) => known.get(user) ?? '');
    },
    keyOf: async (user) => (await read([user])).get(user),
    forget: (user) =>
      bounded('write to MongoDB', timeoutMs, async (signal) => {
        const { deletedCount } = await keys.deleteOne({ _id: user }, writing(signal));
        return deletedCount > 0;
      }),
    close: () => database.close(),
  };

  function insertNew(users: readonly string[]): Promise<unknown> {
    const documents = users.map((user) => ({ _id: user, key: newKey() }));
    return bounded('write to MongoDB', timeoutMs, (signal) =>
      keys.insertMany(documents, writing(signal, { ordered: false })).catch((error: unknown) => {
        if (!isOnlyDuplicates(error)) throw error;
      }),
    );
  }
}

/** Whether a write failed for nothing but that some of it had been written already. */
export function isOnlyDuplicates(error: unknown): error is MongoBulkWriteError {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError() !== undefined) return false;
  const errors = error.result.getWriteErrors();
  return errors.length > 0 && errors.every(({ code }) => code === DUPLICATE_KEY);
}
