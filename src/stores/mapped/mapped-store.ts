import type { Document, Filter, FindOptions } from 'mongodb';
import type { Member } from '../../domain/member.ts';
import { Problem } from '../../domain/problem.ts';
import type { MemberReader } from '../../mapping/member-reader.ts';
import { ownValueIfAny } from '../../mapping/own-value.ts';
import { type MemberStore, StoreUnreachable, UnknownStoreFormat } from '../../use-cases/ports.ts';
import { letGo } from '../mongo/let-go.ts';
import { bounded, databaseIn, makeClient } from '../mongo/mongo-connection.ts';
import { PageInTheMaking } from '../page-in-the-making.ts';
import { doubtsAbout } from './mapped-doubts.ts';
import { mappedId } from './mapped-id.ts';
import { listsOf, projectionOf } from './mapped-paths.ts';

export interface MappedStoreOptions {
  readonly uri: string;
  readonly reader: MemberReader;
  readonly timeoutMs?: number;
  /** For the read of one member, for which a decision waits. */
  readonly readTimeoutMs?: number;
}

export interface MappedStore extends MemberStore {
  /** What is most likely mistyped in the mapping, by the first documents of the collection; each is a sentence. */
  readonly doubts: readonly string[];
}

/** So many documents tell whether a path leads anywhere, and whether anybody counts. */
const SAMPLE = 100;
/** So many, read whole, tell what their fields are called. */
const WHOLE_SAMPLE = 20;

/**
 * Members read from a collection of another shape, which is never written to: a user of MongoDB that may only read is enough.
 * Throws `StoreUnreachable`, and `UnknownStoreFormat` where the ids are of another kind than the mapping says.
 */
export async function openMappedStore(options: MappedStoreOptions): Promise<MappedStore> {
  const { uri, reader, timeoutMs = 3000, readTimeoutMs = Math.min(500, timeoutMs) } = options;
  const { mapping } = reader;
  const client = makeClient(uri, timeoutMs);
  const database = client.db(mapping.database ?? databaseIn(uri) ?? 'perkbook');
  const collection = database.collection(mapping.collection);
  const projection = projectionOf(mapping);
  const id = mappedId(mapping);
  let open = true;

  /** INVARIANT: the driver would connect again after `close`; a closed store stays closed. */
  function requireOpen(): void {
    if (!open) throw new StoreUnreachable('the store is closed');
  }

  /** The id that only pages show a document by that has none. */
  const shownId = (document: Document) => id.idIn(document) ?? String(ownValueIfAny(document, id.path) ?? document._id);

  function memberIn(document: Document): Member {
    const user = id.idIn(document);
    if (user !== undefined) return reader.read(user, document);
    throw new UnknownStoreFormat(`a document in \`${mapping.collection}\` has no ${id.as} at \`${id.path}\``);
  }

  function after(last: string | undefined): Filter<Document> | undefined {
    if (last === undefined) return {};
    const native = id.native(last);
    return native === undefined ? undefined : { [id.path]: { $gt: native } };
  }

  const inOrder = (limit: number) => ({ projection, sort: { [id.path]: 1 } as const, limit });

  async function sampled(): Promise<readonly string[]> {
    const documents = await bounded('read from MongoDB', timeoutMs, (signal) =>
      collection.find({}, { projection, limit: SAMPLE, signal }).toArray(),
    );
    const [first] = documents;
    if (first !== undefined && documents.every((each) => id.idIn(each) === undefined)) {
      const found = ownValueIfAny(first, id.path);
      throw new UnknownStoreFormat(
        `no document in \`${mapping.collection}\` has a ${id.as} at \`${id.path}\`, the first one ${kindOf(found)}; the mapping's \`id\` says what is there: {path: ${id.path}, as: text | objectId | number}`,
      );
    }
    // The first ones may be of people who never bought anything.
    const empty = listsOf(mapping).filter((list) => !documents.some((each) => hasEntries(ownValueIfAny(each, list))));
    const others = await Promise.all(empty.map(withEntriesIn));
    const all = [...documents, ...others.flat()];
    const doubts = doubtsAbout(mapping, all);
    if (doubts.length === 0) return [];
    const whole = await someOf({}, { limit: WHOLE_SAMPLE });
    return doubtsAbout(mapping, all, [...all, ...whole]);
  }

  const withEntriesIn = (list: string) => someOf({ [`${list}.0`]: { $exists: true } }, { projection, limit: SAMPLE });

  /** None where finding them takes too long: it is only about what to warn of. */
  async function someOf(filter: Filter<Document>, options: FindOptions): Promise<readonly Document[]> {
    return bounded('read from MongoDB', timeoutMs, (signal) =>
      collection.find(filter, { ...options, maxTimeMS: timeoutMs, signal }).toArray(),
    ).catch(() => []);
  }

  try {
    return {
      doubts: await sampled(),
      async get(user, { soon = false } = {}) {
        requireOpen();
        const native = id.native(user);
        if (native === undefined) return undefined;
        const found = await bounded('read from MongoDB', soon ? readTimeoutMs : timeoutMs, (signal) =>
          collection.find({ [id.path]: native }, { projection, limit: 2, signal }).toArray(),
        );
        if (found.length > 1) {
          throw new UnknownStoreFormat(
            `\`${mapping.collection}\` has two documents with \`${user}\` at \`${id.path}\``,
          );
        }
        const [document] = found;
        return document === undefined ? undefined : memberIn(document);
      },
      async update() {
        throw new Problem(
          'facts_are_mapped',
          `the members are read from the collection \`${mapping.collection}\`, where perkbook writes nothing: change them there`,
        );
      },
      async list(last, limit) {
        requireOpen();
        const filter = after(last);
        if (filter === undefined || limit <= 0) return [];
        const found = await bounded('read from MongoDB', timeoutMs, (signal) =>
          collection.find(filter, { ...inOrder(limit), signal }).toArray(),
        );
        return found.map(memberIn);
      },
      async page(last, limits) {
        requireOpen();
        const made = new PageInTheMaking(limits);
        const filter = after(last);
        if (filter === undefined) return made.page;
        return bounded('read from MongoDB', timeoutMs, async (signal) => {
          const found = collection.find(filter, { ...inOrder(limits.members + 1), signal });
          try {
            for await (const document of found) {
              if (!made.take(shownId(document), () => memberIn(document))) break;
            }
          } finally {
            await found.close();
          }
          return made.page;
        });
      },
      async count() {
        requireOpen();
        return bounded('read from MongoDB', timeoutMs, () => collection.estimatedDocumentCount());
      },
      async ping({ withinMs = timeoutMs } = {}) {
        requireOpen();
        await bounded('reach MongoDB', Math.min(withinMs, timeoutMs), (signal) =>
          database.command({ ping: 1 }, { signal }),
        );
      },
      async close() {
        open = false;
        await letGo(client);
      },
    };
  } catch (error) {
    await letGo(client);
    if (error instanceof StoreUnreachable || error instanceof UnknownStoreFormat) throw error;
    throw new StoreUnreachable(`the collection \`${mapping.collection}\` cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function hasEntries(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'has nothing there';
  if (typeof value === 'object' && value !== null && '_bsontype' in value) return `has an ${String(value._bsontype)}`;
  return `has a ${typeof value}`;
}
