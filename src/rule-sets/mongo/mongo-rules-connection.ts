import { type Collection, type MongoClient, MongoServerError, ReadConcern } from 'mongodb';
import { Breaker } from '../../stores/breaker/breaker.ts';
import { letGo } from '../../stores/mongo/let-go.ts';
import { bounded, databaseIn, makeClient } from '../../stores/mongo/mongo-connection.ts';
import { RuleStoreUnreachable, StoreUnreachable } from '../../use-cases/ports.ts';
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
  readonly ruleSets: Collection<RuleSetDocument>;
  readonly versions: Collection<RuleVersionDocument>;
  readonly drafts: Collection<DraftDocument>;
  /** Runs one operation; no answer in time, or a refusal by the server, is `RuleStoreUnreachable`. */
  run<T>(what: string, operation: (options: { readonly signal: AbortSignal }) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const DUPLICATE_KEY = 11000;
const PROBE_WITHIN_MS = 500;

/** INVARIANT: what is read is held by a majority, so no version is seen that is taken back by a change of primary. */
export async function connectRules({ uri, database, timeoutMs = 3000 }: MongoRulesOptions): Promise<RulesConnection> {
  const client = await ofRules(() => makeClient(uri, timeoutMs));
  try {
    const name = database ?? databaseIn(uri) ?? 'perkbook';
    const ping = (ms: number) =>
      bounded('reach MongoDB', ms, (signal) => client.db(name).command({ hello: 1 }, { signal }));
    const hello = await ofRules(() => ping(timeoutMs));
    // A breaker of its own, as the client is: each finds out for itself whether it reaches the server.
    const breaker = new Breaker({ probe: () => ping(PROBE_WITHIN_MS) });
    const isReplicated = hello.setName !== undefined || hello.msg === 'isdbgrid';
    const db = client.db(name, {
      writeConcern: isReplicated ? { w: 'majority' } : { w: 1, j: true },
      readConcern: new ReadConcern(isReplicated ? 'majority' : 'local'),
      readPreference: 'primary',
      ignoreUndefined: true,
    });
    return {
      client,
      ruleSets: db.collection<RuleSetDocument>('rule_sets'),
      versions: db.collection<RuleVersionDocument>('rule_versions'),
      drafts: db.collection<DraftDocument>('rule_drafts'),
      run: runWithin(timeoutMs, breaker),
      close: () => {
        breaker.stop();
        return letGo(client);
      },
    };
  } catch (error) {
    await letGo(client);
    throw error;
  }
}

export function isDuplicateKey(error: unknown): boolean {
  const cause = error instanceof RuleStoreUnreachable ? error.cause : error;
  return cause instanceof MongoServerError && cause.code === DUPLICATE_KEY;
}

/** Each operation is bounded, and fails as what it is: the rules that cannot be reached, not the members. */
function runWithin(ms: number, breaker: Breaker): RulesConnection['run'] {
  return (what, operation) => ofRules(() => breaker.run(() => bounded(what, ms, (signal) => operation({ signal }))));
}

async function ofRules<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreUnreachable)) throw error;
    throw new RuleStoreUnreachable(error.message, { cause: error.cause });
  }
}
