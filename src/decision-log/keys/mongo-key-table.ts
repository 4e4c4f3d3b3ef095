import type { Collection, Db } from 'mongodb';
import { MongoBulkWriteError } from 'mongodb';
import { writing } from '../../stores/mongo/mongo-connection.ts';
import type { LogDatabase } from '../log-database.ts';
import { FORGOTTEN_FOR_MS, forgottenName, stillForgotten } from './forgotten.ts';
import { newKey } from './new-key.ts';
import { isForgotten, type KeyTable, needsKey, type UserKey } from './user-keys.ts';

const DUPLICATE_KEY = 11000;
/** By so much the clocks of evaluators may differ: what is told that soon after a user was forgotten is of nobody. */
const CLOCKS_APART_MS = 2000;

interface KeyDocument {
  readonly _id: string;
  readonly key: string;
}

interface ForgottenDocument {
  readonly _id: string;
  readonly at: Date;
}

/** Keys in MongoDB, for all evaluators. Each call that cannot be done in time throws `StoreUnreachable`. */
export function mongoKeyTable(database: LogDatabase): KeyTable {
  return {
    async keysOf(asked) {
      const found = new Map(await read(asked.map(({ user }) => user)));
      const missing = asked.filter((each) => needsKey(each, found.get(each.user)));
      if (missing.length > 0) {
        const users = missing.map(({ user }) => user);
        const made = await insertNew(users);
        // Another process may have been first: what is stored counts.
        for (const [user, each] of await read(users)) found.set(user, each);
        // Or it has forgotten the user meanwhile: then what was made here must not stay.
        const gone = missing.filter((each) => isForgotten(each, found.get(each.user))).map(({ user }) => user);
        if (gone.length > 0) await remove(gone.map((_id) => ({ _id, key: made.get(_id) ?? '' })));
      }
      return asked.map(({ user }) => found.get(user) ?? { key: undefined, forgottenAt: undefined });
    },
    keyOf: async (user) => (await read([user])).get(user)?.key,
    forget: (user) =>
      database.run('write to MongoDB', async (db, signal) => {
        const now = Date.now();
        // INVARIANT: first this, then the key: whoever makes a key meanwhile looks here afterwards.
        const [forgotten, at] = [forgottenIn(db), new Date(now + CLOCKS_APART_MS)];
        await forgotten.updateOne({ _id: forgottenName(user) }, { $set: { at } }, writing(signal, { upsert: true }));
        await forgotten.deleteMany({ at: { $lt: new Date(now - FORGOTTEN_FOR_MS) } }, writing(signal));
        const { deletedCount } = await keysIn(db).deleteOne({ _id: user }, writing(signal));
        return deletedCount > 0;
      }),
    close: () => database.close(),
  };

  function read(users: readonly string[]): Promise<ReadonlyMap<string, UserKey>> {
    return database.run('read from MongoDB', async (db, signal) => {
      const names = users.map(forgottenName);
      const [keys, forgotten] = await Promise.all([
        keysIn(db)
          .find({ _id: { $in: [...users] } }, { signal })
          .toArray(),
        forgottenIn(db)
          .find({ _id: { $in: names } }, { signal })
          .toArray(),
      ]);
      const keyOf = new Map(keys.map(({ _id, key }) => [_id, key]));
      const forgottenAt = new Map(forgotten.map(({ _id, at }) => [_id, at.getTime()]));
      return new Map(
        users.map((user, index) => {
          const at = stillForgotten(forgottenAt.get(names[index] ?? ''));
          return [user, { key: keyOf.get(user), forgottenAt: at }];
        }),
      );
    });
  }

  async function insertNew(users: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const documents = users.map((user) => ({ _id: user, key: newKey() }));
    await database.run('write to MongoDB', (db, signal) =>
      keysIn(db)
        .insertMany(documents, writing(signal, { ordered: false }))
        .catch((error: unknown) => {
          if (!isOnlyDuplicates(error)) throw error;
        }),
    );
    return new Map(documents.map(({ _id, key }) => [_id, key]));
  }

  function remove(documents: readonly KeyDocument[]): Promise<unknown> {
    return database.run('write to MongoDB', (db, signal) =>
      keysIn(db).deleteMany({ $or: documents.map(({ _id, key }) => ({ _id, key })) }, writing(signal)),
    );
  }
}

function keysIn(db: Db): Collection<KeyDocument> {
  return db.collection<KeyDocument>('decision_log_keys');
}

function forgottenIn(db: Db): Collection<ForgottenDocument> {
  return db.collection<ForgottenDocument>('decision_log_forgotten');
}

/** Whether a write failed for nothing but that some of it had been written already. */
export function isOnlyDuplicates(error: unknown): error is MongoBulkWriteError {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError() !== undefined) return false;
  const errors = error.result.getWriteErrors();
  return errors.length > 0 && errors.every(({ code }) => code === DUPLICATE_KEY);
}
