import type { Member } from '../../domain/member.ts';
import { type MemberStore, StoreUnreachable } from '../../use-cases/ports.ts';
import { PageInTheMaking } from '../page-in-the-making.ts';
import { isStorableId, requireStorableId } from '../storable-id.ts';
import { letGo } from './let-go.ts';
import { MemberQueue } from './member-queue.ts';
import { bounded, connectMongo, type MongoConnection, type MongoStoreOptions } from './mongo-connection.ts';
import { fromDocument } from './mongo-document.ts';
import { updateMember } from './mongo-update.ts';

export type { MongoStoreOptions } from './mongo-connection.ts';

export interface MongoStore extends MemberStore {
  get(id: string, options?: { readonly soon?: boolean }): Promise<Member | undefined>;
  /** In the byte order of the ids in UTF-8, in both stores. */
  list(after: string | undefined, limit: number): Promise<readonly Member[]>;
  count(): Promise<number>;
}

/** Large members fill a page before the second portion is sent. */
const FIRST_OF_A_PAGE = 101;

/** A member without what only updates need. */
export const WITHOUT_KEYS = { keys: 0, writtenBy: 0 } as const;

/**
 * Members in MongoDB: a replica set, a sharded cluster (shard key: `_id`) or a compatible server; no transactions.
 * Throws `StoreUnreachable` when the server does not answer at once, and `UnknownStoreFormat` when a newer perkbook
 * owns the database.
 */
export async function openMongoStore(options: MongoStoreOptions): Promise<MongoStore> {
  const connection = await connectMongo(options);
  const { client, members, durable, timeoutMs, readTimeoutMs } = connection;
  const queue = new MemberQueue();
  let open = true;

  /** INVARIANT: the driver would connect again after `close`; a closed store stays closed. */
  function whileOpen(): MongoConnection {
    if (!open) throw new StoreUnreachable('the store is closed');
    return connection;
  }

  return {
    async get(id, { soon = false } = {}) {
      whileOpen();
      if (!isStorableId(id)) return undefined;
      const document = await bounded('read from MongoDB', soon ? readTimeoutMs : timeoutMs, (signal) =>
        members.findOne({ _id: id }, { ...durable, projection: WITHOUT_KEYS, signal }),
      );
      return document === null ? undefined : fromDocument(document);
    },
    async update(id, change, updateOptions = {}) {
      requireStorableId(id);
      // The time spent in the queue counts: a caller never waits longer than `timeoutMs`.
      const deadline = performance.now() + timeoutMs;
      return queue.run(id, async () => updateMember(whileOpen(), { id, change, ...updateOptions, deadline }));
    },
    async list(after, limit) {
      whileOpen();
      if (limit <= 0) return [];
      const filter = after === undefined ? {} : { _id: { $gt: after } };
      const documents = await bounded('read from MongoDB', timeoutMs, (signal) =>
        members.find(filter, { ...durable, projection: WITHOUT_KEYS, sort: { _id: 1 }, limit, signal }).toArray(),
      );
      return documents.map(fromDocument);
    },
    async page(after, limits) {
      whileOpen();
      const filter = after === undefined ? {} : { _id: { $gt: after } };
      const made = new PageInTheMaking(limits);
      return bounded('read from MongoDB', timeoutMs, async (signal) => {
        const found = members.find(filter, {
          ...durable,
          projection: WITHOUT_KEYS,
          sort: { _id: 1 },
          limit: limits.members + 1,
          batchSize: FIRST_OF_A_PAGE,
          signal,
        });
        try {
          for await (const document of found) {
            if (!made.take(document._id, () => fromDocument(document))) break;
          }
        } finally {
          await found.close();
        }
        return made.page;
      });
    },
    async count() {
      whileOpen();
      return bounded('read from MongoDB', timeoutMs, (signal) =>
        members.countDocuments({}, { ...durable, hint: '_id_', signal }),
      );
    },
    async ping({ withinMs = timeoutMs } = {}) {
      whileOpen();
      const hello = await bounded('reach MongoDB', Math.min(withinMs, timeoutMs), (signal) =>
        client.db('admin').command({ hello: 1 }, { readPreference: 'primary', signal }),
      );
      if (hello.isWritablePrimary !== true && hello.msg !== 'isdbgrid') {
        throw new StoreUnreachable('could not write to MongoDB: the server reached is not a primary');
      }
    },
    async close() {
      open = false;
      await letGo(client);
    },
  };
}
