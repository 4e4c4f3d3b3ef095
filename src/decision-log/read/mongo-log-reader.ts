import type { Filter } from 'mongodb';
import { roughSize } from '../entry/rough-size.ts';
import type { LogDatabase } from '../log-database.ts';
import { fromDocument, type LogDocument, logCollection } from '../sinks/mongo-sink.ts';
import { LARGEST_PAGE_BYTES, type LogFilter, type LogPosition, type LogReader } from './log-filter.ts';

/** Entries in MongoDB. Throws `StoreUnreachable` where it does not answer in time: a rare code over a long time may take too long. */
export function mongoLogReader(database: LogDatabase): LogReader {
  return {
    async page(filter, after, limit) {
      return database.run('read the decision log from MongoDB', async (db, signal) => {
        const sort = { time: -1, _id: -1 } as const;
        const found = logCollection(db).find(queryOf(filter, after), { sort, limit: limit + 1, signal });
        const shown: LogDocument[] = [];
        let bytes = 0;
        try {
          for await (const document of found) {
            bytes += roughSize(document);
            const last = shown.at(-1);
            if (last !== undefined && (shown.length === limit || bytes > LARGEST_PAGE_BYTES)) {
              return { entries: shown.map(fromDocument), next: { time: last.time.getTime(), id: last._id } };
            }
            shown.push(document);
          }
        } finally {
          await found.close();
        }
        return { entries: shown.map(fromDocument), next: undefined };
      });
    },
    close: () => database.close(),
  };
}

function queryOf(filter: LogFilter, after: LogPosition | undefined): Filter<LogDocument> {
  const { user, action, decision, code, caller, from, until, ruleSets } = filter;
  const times = {
    ...(from === undefined ? {} : { $gte: new Date(from) }),
    ...(until === undefined ? {} : { $lt: new Date(until) }),
  };
  const behind =
    after === undefined
      ? []
      : [
          { time: { $lte: new Date(after.time) } },
          { $or: [{ time: { $lt: new Date(after.time) } }, { _id: { $lt: after.id } }] },
        ];
  const all: Filter<LogDocument>[] = [
    ...(from === undefined && until === undefined ? [] : [{ time: times }]),
    ...behind,
    ...(user === undefined ? [] : [{ user }]),
    ...(action === undefined ? [] : [{ action }]),
    ...(decision === undefined ? [] : [{ decision }]),
    ...(code === undefined ? [] : [{ 'reason.code': code }]),
    ...(caller === undefined ? [] : [{ caller }]),
    ...(ruleSets === undefined ? [] : [{ 'ruleSet.id': { $in: [...ruleSets] } }]),
  ];
  return all.length === 0 ? {} : { $and: all };
}
