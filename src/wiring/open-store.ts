import type { Config } from '../config.ts';
import type { MemberStore } from '../use-cases/ports.ts';
import { reasonOf, StartError } from './start-error.ts';

/** Each store is loaded only where it is used: the driver of the other one costs a good part of the start. */
export async function openStore({ mongodbUri, data }: Config): Promise<MemberStore> {
  try {
    if (mongodbUri === undefined)
      return await (await import('../stores/embedded/embedded-store.ts')).openEmbeddedStore({ folder: data });
    return await (await import('../stores/mongo/mongo-store.ts')).openMongoStore({ uri: mongodbUri });
  } catch (cause) {
    const where = mongodbUri === undefined ? `the store in \`${data}\`` : 'the store that MONGODB_URI names';
    throw new StartError(`${where} cannot be opened: ${reasonOf(cause)}`, { cause });
  }
}
