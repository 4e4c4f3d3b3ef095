import type { Collection, Db } from 'mongodb';
import { MongoBulkWriteError } from 'mongodb';
import { writing } from '../../stores/mongo/mongo-connection.ts';
import type { LogDatabase } from '../log-database.ts';
import { deleteAfter, INDEX_WITHIN_MS } from '../mongo-index.ts';
import { FORGOTTEN_FOR_MS, forgottenName, stillForgotten } from './forgotten.ts';
import { newKey } from './new-key.ts';
import { dayOf, keptFor, startOf } from './used-on.ts';
import { isForgotten, type KeyTable, needsKey, type UserKey } from './user-keys.ts';

const DUPLICATE_KEY = 11000;
/** By so much the clocks of evaluators may differ: what is told that soon after a user was forgotten is of nobody. */
const CLOCKS_APART_MS = 2000;

interface KeyDocument {
  readonly _id: string;
  readonly key: string;
  /** The beginning of the day on which it was used last: MongoDB deletes it by that. A key of before may have none. */
  readonly usedOn?: Date;
}

interface ForgottenDocument {
  readonly _id: string;
  readonly at: Date;
}

interface StoredKey extends UserKey {
  readonly usedOn: Date | undefined;
}

const DAY_MS = 86_400_000;

/** Keys in MongoDB, for all evaluators. Each call that cannot be done in time throws `StoreUnreachable`. */
export function mongoKeyTable(database: LogDatabase): KeyTable {
  return {
    async keysOf(asked) {
      const found = new Map(await readUsed(asked.map(({ user }) => user)));
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
      return asked.map(({ user }) => {
        const { key, forgottenAt } = found.get(user) ?? {};
        return { key, forgottenAt };
      });
    },
    keyOf: async (user) => (await read([user])).get(user)?.key,
    async forget(user) {
      const existed = await database.run('write to MongoDB', async (db, signal) => {
        const now = Date.now();
        // INVARIANT: first this, then the key: whoever makes a key meanwhile looks here afterwards.
        const [forgotten, at] = [forgottenIn(db), new Date(now + CLOCKS_APART_MS)];
        await forgotten.updateOne({ _id: forgottenName(user) }, { $set: { at } }, writing(signal, { upsert: true }));
        await forgotten.deleteMany({ at: { $lt: new Date(now - FORGOTTEN_FOR_MS) } }, writing(signal));
        const { deletedCount } = await keysIn(db).deleteOne({ _id: user }, writing(signal));
        return deletedCount > 0;
      });
      // Also where no server tidies up. The user is forgotten all the same where this cannot be.
      await dropForgotten().catch(() => undefined);
      return existed;
    },
    async tidy(keepDays) {
      await dropForgotten();
      await database.run(
        'make an index in MongoDB',
        async (db, signal) => {
          const keys = keysIn(db);
          await keys.updateMany({ usedOn: { $exists: false } }, { $set: { usedOn: today() } }, writing(signal));
          await deleteAfter(db, keys, 'usedOn', (keptFor(keepDays) * DAY_MS) / 1000, signal);
        },
        INDEX_WITHIN_MS,
      );
    },
    close: () => database.close(),
  };

  /** From then on MongoDB does it, of all that is and will be there. */
  function dropForgotten(): Promise<void> {
    return database.run('make an index in MongoDB', (db, signal) =>
      deleteAfter(db, forgottenIn(db), 'at', FORGOTTEN_FOR_MS / 1000, signal),
    );
  }

  /** What is stored, with the keys among it marked as used today: one write a day for each. */
  async function readUsed(users: readonly string[]): Promise<ReadonlyMap<string, StoredKey>> {
    const found = await read(users);
    const usedOn = today();
    const old = users.filter((user) => {
      const each = found.get(user);
      return each?.key !== undefined && each.usedOn?.getTime() !== usedOn.getTime();
    });
    if (old.length === 0) return found;
    const matched = await database.run('write to MongoDB', async (db, signal) => {
      const marked = await keysIn(db).updateMany({ _id: { $in: old } }, { $set: { usedOn } }, writing(signal));
      return marked.matchedCount;
    });
    // One that MongoDB has deleted meanwhile is no key any more.
    return matched === old.length ? found : read(users);
  }

  function read(users: readonly string[]): Promise<ReadonlyMap<string, StoredKey>> {
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
      const stored = new Map(keys.map((each) => [each._id, each]));
      const forgottenAt = new Map(forgotten.map(({ _id, at }) => [_id, at.getTime()]));
      return new Map(
        users.map((user, index) => {
          const at = stillForgotten(forgottenAt.get(names[index] ?? ''));
          return [user, { key: stored.get(user)?.key, usedOn: stored.get(user)?.usedOn, forgottenAt: at }];
        }),
      );
    });
  }

  async function insertNew(users: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const documents = users.map((user) => ({ _id: user, key: newKey(), usedOn: today() }));
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

function today(): Date {
  return new Date(startOf(dayOf(Date.now())));
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
