import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';

/** What `scripts/mongo.mjs` gives. */
interface MongoScript {
  findServer(): { readonly kind: string } | undefined;
  startServer(options?: { readonly port?: number; readonly storage?: string }): Promise<RunningServer>;
}

export interface RunningServer {
  readonly uri: string;
  /** `undefined`: `MONGODB_URI` names the server, it cannot be stopped or killed. */
  readonly pid: number | undefined;
  readonly storage: string | undefined;
  stop(): Promise<void>;
  kill9(): Promise<void>;
}

const script = (await import(new URL('../../../scripts/mongo.mjs', import.meta.url).href)) as MongoScript;
const required = process.env.PERKBOOK_REQUIRE_MONGO === '1';

let shared: Promise<RunningServer> | undefined;
let missing = false;

/** Whether there is anything to start; says so in the last lines of the run when there is not. */
export function hasMongo(): boolean {
  if (script.findServer() !== undefined) return true;
  if (required) throw new Error('PERKBOOK_REQUIRE_MONGO is set and no MongoDB server is here: `npm run mongo install`');
  if (!missing) process.once('exit', () => console.error(`\n${mongoStatusLine()}`));
  missing = true;
  return false;
}

/**
 * The URI of the one server of this run, started when first asked for; `undefined` when none is installed. It ends with
 * the process. Each suite uses a database of its own in it.
 */
export async function mongoServer(): Promise<string | undefined> {
  if (!hasMongo()) return undefined;
  shared ??= script.startServer();
  return (await shared).uri;
}

/**
 * An empty database of the shared server for one suite; `undefined` where there is none. It is dropped when the suite
 * calls `drop`, because the server may be somebody's own.
 */
export async function mongoDatabase(): Promise<MongoDatabase | undefined> {
  const uri = await mongoServer();
  if (uri === undefined) return undefined;
  const database = `perkbook-test-${randomUUID().slice(0, 8)}`;
  const drop = async () => {
    const client = new MongoClient(uri);
    await client.db(database).dropDatabase();
    await client.close();
  };
  return { uri, database, drop };
}

export interface MongoDatabase {
  readonly uri: string;
  readonly database: string;
  drop(): Promise<void>;
}

/** A server of a test's own, to be stopped and killed; `undefined` where only somebody else's is there. */
export async function ownMongoServer(options?: {
  readonly port?: number;
  readonly storage?: string;
}): Promise<RunningServer | undefined> {
  if (!hasMongo() || script.findServer()?.kind === 'uri') return undefined;
  return script.startServer(options);
}

/** What the run must say at its end when the MongoDB tests were left out. */
export function mongoStatusLine(): string | undefined {
  return missing
    ? '!!! NOT TESTED: the MongoDB store. No server is here; `npm run mongo install` gets one.'
    : undefined;
}
