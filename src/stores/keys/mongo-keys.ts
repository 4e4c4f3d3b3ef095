import { type Collection, ReadConcern } from 'mongodb';
import { type KeyStore, KeyStoreUnreachable } from '../../use-cases/keys/ports.ts';
import { StoreUnreachable } from '../../use-cases/ports.ts';
import { letGo } from '../mongo/let-go.ts';
import { bounded, databaseIn, makeClient, writing } from '../mongo/mongo-connection.ts';
import { type ApiKeyDocument, fromKeyDocument, inOrder, toKeyDocument } from './key-document.ts';

export interface MongoKeysOptions {
  readonly uri: string;
  /** Default: the one named in the URI, else `perkbook`. */
  readonly database?: string;
  /** How long one call may take. */
  readonly timeoutMs?: number;
}

/** INVARIANT: with the time that one look takes, within the second in which a revoked key stops working. */
const LOOK_EVERY_MS = 750;
/** Who has sent an unknown key waits for it. */
const LOOK_WITHIN_MS = 1_000;
const COLLECTION = 'api_keys';

type StoredKey = ApiKeyDocument & { readonly _id: string };

/**
 * Keys in the collection `api_keys`. All of them are read each time: they are few, and that way nothing depends on a change stream.
 * A client of its own, so that no pile of questions about members stands before the question who may ask.
 */
export async function openMongoKeys({ uri, database, timeoutMs = 3000 }: MongoKeysOptions): Promise<KeyStore> {
  const lookWithinMs = Math.min(timeoutMs, LOOK_WITHIN_MS);
  const client = await unreachable(async () => makeClient(uri, timeoutMs));
  const run = <T>(what: string, operation: (signal: AbortSignal) => Promise<T>, withinMs = timeoutMs) =>
    unreachable(() => bounded(what, withinMs, operation));
  try {
    const keys = await run('reach MongoDB', async (signal): Promise<Collection<StoredKey>> => {
      const name = database ?? databaseIn(uri) ?? 'perkbook';
      const hello = await client.db(name).command({ hello: 1 }, { signal });
      const isReplicated = hello.setName !== undefined || hello.msg === 'isdbgrid';
      return client.db(name).collection<StoredKey>(COLLECTION, {
        writeConcern: isReplicated ? { w: 'majority' } : { w: 1, j: true },
        readConcern: new ReadConcern(isReplicated ? 'majority' : 'local'),
        readPreference: 'primary',
      });
    });
    return {
      list: async () => {
        const found = await run('read the keys', (signal) => keys.find({}, { signal }).toArray(), lookWithinMs);
        return inOrder(found.map(fromStored));
      },
      add: async (key) => {
        await run('keep the key', (signal) => keys.insertOne({ _id: key.id, ...toKeyDocument(key) }, writing(signal)));
      },
      revoke: async (id, at) => {
        await run('revoke the key', (signal) =>
          keys.updateOne({ _id: id, revokedAt: null }, { $set: { revokedAt: at } }, writing(signal)),
        );
        const found = await run('read the key', (signal) => keys.findOne({ _id: id }, { signal }));
        return found === null ? undefined : fromStored(found);
      },
      watch: (mayHaveChanged) => {
        const timer = setInterval(mayHaveChanged, LOOK_EVERY_MS);
        timer.unref();
        return { stop: async () => clearInterval(timer) };
      },
      close: () => letGo(client),
    };
  } catch (error) {
    await letGo(client);
    throw error;
  }
}

function fromStored({ _id, ...document }: StoredKey) {
  return fromKeyDocument(_id, document);
}

async function unreachable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreUnreachable)) throw error;
    throw new KeyStoreUnreachable(error.message, { cause: error.cause });
  }
}
