import { type Collection, type Db, MongoClient, MongoError, MongoServerError, ReadConcern } from 'mongodb';
import { RuleStoreUnreachable } from '../use-cases/ports.ts';
import type { DraftDocument, RuleSetDocument, RuleVersionDocument } from './mongo-rule-documents.ts';

export interface MongoRulesOptions {
  readonly uri: string;
  /** Default: the one named in the URI, else `perkbook`. */
  readonly database?: string;
  /** How long one call may take before it throws `RuleStoreUnreachable`. */
  readonly timeoutMs?: number;
}

/** The collections of rules. A client of its own: what follows changes must not wait behind what reads members. */
export interface RulesConnection {
  readonly client: MongoClient;
  readonly db: Db;
  readonly ruleSets: Collection<RuleSetDocument>;
  readonly versions: Collection<RuleVersionDocument>;
  readonly drafts: Collection<DraftDocument>;
  /** Runs one operation; no answer in time, or a refusal by the server, is `RuleStoreUnreachable`. */
  run<T>(what: string, operation: (options: { readonly signal: AbortSignal }) => Promise<T>): Promise<T>;
}

const DUPLICATE_KEY = 11000;

/** INVARIANT: what is read is held by a majority, so no version is seen that is taken back by a change of primary. */
export async function connectRules({ uri, database, timeoutMs = 3000 }: MongoRulesOptions): Promise<RulesConnection> {
  const client = makeClient(uri, timeoutMs);
  try {
    const name = database ?? databaseIn(uri) ?? 'perkbook';
    const run = runWithin(timeoutMs);
    const hello = await run('reach MongoDB', (options) => client.db(name).command({ hello: 1 }, options));
    const isReplicated = hello.setName !== undefined || hello.msg === 'isdbgrid';
    const db = client.db(name, {
      writeConcern: isReplicated ? { w: 'majority' } : { w: 1, j: true },
      readConcern: new ReadConcern(isReplicated ? 'majority' : 'local'),
      readPreference: 'primary',
      ignoreUndefined: true,
    });
    return {
      client,
      db,
      ruleSets: db.collection<RuleSetDocument>('rule_sets'),
      versions: db.collection<RuleVersionDocument>('rule_versions'),
      drafts: db.collection<DraftDocument>('rule_drafts'),
      run,
    };
  } catch (error) {
    await client.close().catch(() => undefined);
    throw error;
  }
}

export function isDuplicateKey(error: unknown): boolean {
  const cause = error instanceof RuleStoreUnreachable ? error.cause : error;
  return cause instanceof MongoServerError && cause.code === DUPLICATE_KEY;
}

function makeClient(uri: string, timeoutMs: number): MongoClient {
  try {
    return new MongoClient(uri, {
      appName: 'perkbook',
      serverSelectionTimeoutMS: timeoutMs,
      connectTimeoutMS: timeoutMs,
    });
  } catch (cause) {
    // The message of the driver, not the URI: it may hold a password.
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RuleStoreUnreachable(`\`MONGODB_URI\` is not understood: ${reason}`, { cause });
  }
}

function databaseIn(uri: string): string | undefined {
  return /^mongodb(?:\+srv)?:\/\/[^/?]+\/([^?]+)/.exec(uri)?.[1];
}

/** Each operation is bounded by an abort signal, because no timeout of the driver bounds a call to a server that has stopped answering. */
function runWithin(ms: number): RulesConnection['run'] {
  return async (what, operation) => {
    const signal = AbortSignal.timeout(ms);
    try {
      return await operation({ signal });
    } catch (cause) {
      if (signal.aborted) throw new RuleStoreUnreachable(`could not ${what}: no answer in ${ms} ms`, { cause });
      if (cause instanceof MongoError) throw new RuleStoreUnreachable(`could not ${what}: ${cause.message}`, { cause });
      throw cause;
    }
  };
}
