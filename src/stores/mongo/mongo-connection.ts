import { type Collection, MongoClient, type ReadConcernLike, type WriteConcernSettings } from 'mongodb';
import { StoreUnreachable } from '../../use-cases/ports.ts';
import { DATA_FORMAT, formatText, parseFormat } from '../store-format.ts';
import { letGo } from './let-go.ts';
import type { MemberDocument } from './mongo-document.ts';
import { isOutage } from './mongo-outage.ts';

export interface MongoStoreOptions {
  readonly uri: string;
  /** Default: the one named in the URI, else `perkbook`. */
  readonly database?: string;
  /** How long one call may take before it throws `StoreUnreachable`. */
  readonly timeoutMs?: number;
  /** The same for the read of one member, for which a decision waits: it can do without. */
  readonly readTimeoutMs?: number;
}

/** One record about the collection of members. */
interface MetaDocument {
  readonly _id: 'members';
  readonly format: string;
  readonly deletedUpTo: number;
}

export interface MongoConnection {
  readonly client: MongoClient;
  readonly members: Collection<MemberDocument>;
  readonly meta: Collection<MetaDocument>;
  /** For reads that must never be rolled back. */
  readonly durable: { readonly readConcern: ReadConcernLike };
  readonly timeoutMs: number;
  readonly readTimeoutMs: number;
}

/**
 * Connects, and checks or writes the format stamp. Each operation is bounded by an abort signal (`bounded`), because no
 * timeout of the driver bounds a call to a server that has stopped answering.
 *
 * No index is made besides that of `_id`, which MongoDB keeps itself: everything is asked by id, and each further
 * index would be written with every consume.
 */
export async function connectMongo(options: MongoStoreOptions): Promise<MongoConnection> {
  const { uri, database, timeoutMs = 3000, readTimeoutMs = Math.min(500, timeoutMs) } = options;
  const client = makeClient(uri, timeoutMs);
  try {
    const name = database ?? databaseIn(uri) ?? 'perkbook';
    const hello = await bounded('reach MongoDB', timeoutMs, (signal) =>
      client.db(name).command({ hello: 1 }, { signal }),
    );
    const isReplicated = hello.setName !== undefined || hello.msg === 'isdbgrid';
    const writeConcern: WriteConcernSettings = isReplicated ? { w: 'majority' } : { w: 1, j: true };
    const db = client.db(name, { writeConcern, readPreference: 'primary' });
    const connection: MongoConnection = {
      client,
      members: db.collection<MemberDocument>('members'),
      meta: db.collection<MetaDocument>('meta'),
      durable: { readConcern: { level: isReplicated ? 'majority' : 'local' } },
      timeoutMs,
      readTimeoutMs,
    };
    await stamp(connection, name);
    return connection;
  } catch (error) {
    await letGo(client);
    throw error;
  }
}

export function makeClient(uri: string, timeoutMs: number): MongoClient {
  try {
    return new MongoClient(uri, {
      appName: 'perkbook',
      serverSelectionTimeoutMS: timeoutMs,
      connectTimeoutMS: timeoutMs,
      ignoreUndefined: true,
    });
  } catch (cause) {
    // The message of the driver, not the URI: it may hold a password.
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StoreUnreachable(`\`MONGODB_URI\` is not understood: ${reason}`, { cause });
  }
}

/** The database that a connection string names. */
export function databaseIn(uri: string): string | undefined {
  return /^mongodb(?:\+srv)?:\/\/[^/?]+\/([^?]+)/.exec(uri)?.[1];
}

async function stamp(connection: MongoConnection, name: string): Promise<void> {
  const { meta, timeoutMs } = connection;
  await bounded('write to MongoDB', timeoutMs, (signal) => stampIfNew(connection, signal));
  const found = await bounded('read from MongoDB', timeoutMs, (signal) => meta.findOne({ _id: 'members' }, { signal }));
  parseFormat(found?.format, `the database \`${name}\``);
}

/** Writes the format into a database that has none yet. */
export function stampIfNew({ meta }: MongoConnection, signal: AbortSignal): Promise<unknown> {
  const first = { $setOnInsert: { format: formatText(DATA_FORMAT), deletedUpTo: 0 } };
  return meta.updateOne({ _id: 'members' }, first, writing(signal, { upsert: true }));
}

/** The driver heeds the signal in every operation, but its types have it for reads only. */
export function writing<T extends object>(signal: AbortSignal, options?: T): T & { readonly ignoreUndefined: true } {
  return { ...options, signal, ignoreUndefined: true } as unknown as T & { readonly ignoreUndefined: true };
}

/**
 * Runs one operation of the driver; no answer in `ms`, or an outage, is `StoreUnreachable`. A refusal, such as of a document that is too
 * large, is thrown as it is: asking again would not help.
 */
export async function bounded<T>(what: string, ms: number, operation: (signal: AbortSignal) => Promise<T>): Promise<T> {
  if (ms <= 0) throw new StoreUnreachable(`could not ${what}: no answer in time`);
  const signal = AbortSignal.timeout(Math.ceil(ms));
  try {
    return await operation(signal);
  } catch (cause) {
    if (signal.aborted) throw new StoreUnreachable(`could not ${what}: no answer in ${Math.ceil(ms)} ms`, { cause });
    if (isOutage(cause)) throw new StoreUnreachable(`could not ${what}: ${cause.message}`, { cause });
    throw cause;
  }
}
