import { type Collection, type Db, type Document, MongoServerError } from 'mongodb';
import { writing } from '../stores/mongo/mongo-connection.ts';

/** There is another index by this key with other options. */
const OTHER_OPTIONS: ReadonlySet<unknown> = new Set([85, 86]);

/** An index of a large collection takes minutes; nobody waits for it. */
export const INDEX_WITHIN_MS = 3_600_000;

/** Makes MongoDB delete documents so long after a date in them. What another process has set is set anew: the newest setting counts. */
export async function deleteAfter<Held extends Document>(
  db: Db,
  collection: Collection<Held>,
  field: string & keyof Held,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  const keyPattern = { [field]: 1 } as const;
  const expireAfterSeconds = Math.round(seconds);
  try {
    await collection.createIndex(keyPattern, writing(signal, { expireAfterSeconds }));
  } catch (error) {
    if (!(error instanceof MongoServerError && OTHER_OPTIONS.has(error.code))) throw error;
    await db.command({ collMod: collection.collectionName, index: { keyPattern, expireAfterSeconds } }, { signal });
  }
}
