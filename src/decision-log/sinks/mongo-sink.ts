import type { Collection, Db } from 'mongodb';
import type { ApiLogEntry } from '../../generated/answers/log/entry.ts';
import { writing } from '../../stores/mongo/mongo-connection.ts';
import { StoreUnreachable } from '../../use-cases/ports.ts';
import { withoutClaimsIn } from '../entry/left-out.ts';
import { isOnlyDuplicates } from '../keys/mongo-key-table.ts';
import type { LogDatabase } from '../log-database.ts';
import { deleteAfter, INDEX_WITHIN_MS } from '../mongo-index.ts';
import type { Sink } from './sink.ts';

/** An entry as MongoDB keeps it: under its id, its time as a date, by which MongoDB deletes it. */
export interface LogDocument extends Omit<ApiLogEntry, 'id' | 'time'> {
  readonly _id: string;
  readonly time: Date;
}

const COLLECTION = 'decision_log';
const DAY_S = 86_400;

export function logCollection(db: Db): Collection<LogDocument> {
  return db.collection<LogDocument>(COLLECTION);
}

/** Entries in MongoDB, which deletes them after `keepDays`. */
export function mongoSink(database: LogDatabase, { keepDays }: { readonly keepDays: number }): Sink<LogDocument> {
  return {
    form: toDocument,
    async write(documents) {
      try {
        await database.run('write to MongoDB', (db, signal) =>
          logCollection(db).insertMany([...documents], writing(signal, { ordered: false })),
        );
        return { done: documents.length, dropped: 0 };
      } catch (error) {
        if (error instanceof StoreUnreachable) throw error;
        // An earlier attempt had come through, and only its answer was lost.
        if (isOnlyDuplicates(error)) return { done: documents.length, dropped: 0 };
        // Refused, and it would be again: one by one, so that the others are not lost with what is wrong.
        const [only] = documents;
        if (documents.length === 1 && only !== undefined) {
          // What is wrong is what a caller has made: a name that MongoDB has no form for. That must not keep an answer out of the log.
          const bare = withoutClaimsIn(only);
          return bare.leftOut?.length === only.leftOut?.length ? { done: 1, dropped: 1 } : this.write([bare]);
        }
        let dropped = 0;
        for (const document of documents) dropped += (await this.write([document])).dropped;
        return { done: documents.length, dropped };
      }
    },
    // Apart from writing: on a large log an index takes minutes, and what is told waits for none.
    tidy: () =>
      database.run(
        'make an index in MongoDB',
        async (db, signal) => {
          const entries = logCollection(db);
          await entries.createIndex({ time: -1, _id: -1 }, writing(signal));
          await entries.createIndex({ user: 1, time: -1, _id: -1 }, writing(signal));
          await deleteAfter(db, entries, 'time', keepDays * DAY_S, signal);
        },
        INDEX_WITHIN_MS,
      ),
    close: () => database.close(),
  };
}

function toDocument({ id, time, ...rest }: ApiLogEntry): LogDocument {
  return { _id: id, time: new Date(time), ...rest };
}

export function fromDocument({ _id, time, log, ...rest }: LogDocument): ApiLogEntry {
  return { log, id: _id, time: time.toISOString(), ...rest } as ApiLogEntry;
}
