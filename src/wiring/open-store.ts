import type { Config } from '../config/config.ts';
import type { Log } from '../log/logger.ts';
import { type WithBreakerOptions, withBreaker } from '../stores/breaker/with-breaker.ts';
import type { Clock, MemberStore, RuleBookSource } from '../use-cases/ports.ts';
import { reasonOf, StartError } from './start-error.ts';

/** How long a caller waits for a write that another process keeps from being done. */
const WRITE_WITHIN_MS = 3_000;

/** What a store of another shape is read by. */
export interface ReadBy {
  readonly rules: RuleBookSource;
  readonly clock: Clock;
}

/** The store that the configuration names, behind a breaker. Throws `StartError`. */
export async function openStore(config: Config, log: Log, readBy: ReadBy): Promise<MemberStore> {
  return withBreaker(await openBareStore(config, log, readBy), telling(log));
}

/** Each store is loaded only where it is used: the driver of the other one costs a good part of the start. */
async function openBareStore(config: Config, log: Log, readBy: ReadBy): Promise<MemberStore> {
  const { mongodbUri, data, mapping } = config;
  try {
    if (mapping !== undefined) return await openMapped(mapping, mongodbUri, log, readBy);
    if (mongodbUri === undefined) {
      const { openEmbeddedStore } = await import('../stores/embedded/embedded-store.ts');
      return await openEmbeddedStore({ folder: data, timeoutMs: WRITE_WITHIN_MS });
    }
    return await (await import('../stores/mongo/mongo-store.ts')).openMongoStore({ uri: mongodbUri });
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    const where = mongodbUri === undefined ? `the store in \`${data}\`` : 'the store that MONGODB_URI names';
    throw new StartError(`${where} cannot be opened: ${reasonOf(cause)}`, { cause });
  }
}

async function openMapped(file: string, uri: string | undefined, log: Log, readBy: ReadBy): Promise<MemberStore> {
  if (uri === undefined) {
    throw new StartError(`the mapping \`${file}\` reads from MongoDB: set MONGODB_URI to where the collection is`);
  }
  const { BadMapping, readMapping } = await import('../mapping/read-mapping.ts');
  const { memberReader } = await import('../mapping/member-reader.ts');
  const { openMappedStore } = await import('../stores/mapped/mapped-store.ts');
  try {
    const mapping = readMapping(file, readBy.rules.book);
    const store = await openMappedStore({ uri, reader: memberReader(mapping, readBy.rules, readBy.clock) });
    for (const doubt of store.doubts) log({ level: 'warn', message: `the mapping may be wrong: ${doubt}` });
    return store;
  } catch (error) {
    if (error instanceof BadMapping) throw new StartError(error.message, { cause: error });
    throw error;
  }
}

function telling(log: Log): WithBreakerOptions {
  return {
    onOpen: ({ message }) => log({ level: 'warn', message: `the member facts cannot be reached: ${message}` }),
    onClose: (ms) =>
      log({ level: 'info', message: `the member facts can be reached again, after ${(ms / 1000).toFixed(1)} s` }),
  };
}
