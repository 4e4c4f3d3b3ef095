import type { KeyTable } from './user-keys.ts';

export interface KeyTableLocation {
  readonly mongodbUri: string | undefined;
  readonly data: string;
}

/** Where a process with these settings keeps the keys: beside the members. Throws `StoreUnreachable`. */
export async function openKeyTable({ mongodbUri, data }: KeyTableLocation): Promise<KeyTable> {
  if (mongodbUri === undefined) return (await import('./embedded-key-table.ts')).openEmbeddedKeyTable(data);
  const [{ mongoKeyTable }, { logDatabase }] = await Promise.all([
    import('./mongo-key-table.ts'),
    import('../log-database.ts'),
  ]);
  return mongoKeyTable(logDatabase(mongodbUri));
}

/**
 * The same, opened when somebody is to be forgotten: where nothing is logged any more, the keys of what was logged before are still
 * there. Asks and makes none.
 */
export function laterKeyTable(location: KeyTableLocation): Pick<KeyTable, 'forget' | 'tidy' | 'close'> {
  let opening: Promise<KeyTable> | undefined;
  let isClosed = false;

  /** Undefined where there are no keys. */
  async function opened(): Promise<KeyTable | undefined> {
    if (opening === undefined && location.mongodbUri === undefined) {
      const { hasEmbeddedKeys } = await import('./embedded-key-table.ts');
      if (isClosed || !hasEmbeddedKeys(location.data)) return undefined;
    }
    opening ??= openKeyTable(location).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  }

  return {
    forget: async (user) => (await (await opened())?.forget(user)) ?? false,
    async tidy(keepDays) {
      // MongoDB tidies up itself, once it has been told.
      if (opening !== undefined || location.mongodbUri === undefined) await (await opened())?.tidy(keepDays);
    },
    async close() {
      isClosed = true;
      await (await opening)?.close();
    },
  };
}
