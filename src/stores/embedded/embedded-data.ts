import type { Database, RootDatabase, Transaction } from 'lmdb';
import { StoreUnreachable } from '../../use-cases/ports.ts';
import { checkDataFile } from './data-file.ts';
import type { KeyDocument, MemberDocument } from './embedded-document.ts';
import { migrate } from './embedded-format.ts';
import { makeFolder } from './make-folder.ts';
import { openRoot } from './open-root.ts';

/** [user id, `keyName` of the idempotency key] */
export type KeyPath = [id: string, name: string];

const REMEDY = 'restore a backup with `perkbook restore --force`, or move the file away to begin with no members';

/** What is in the data folder: one LMDB environment with four small databases. */
export interface EmbeddedData {
  readonly folder: string;
  readonly root: RootDatabase<unknown, string>;
  readonly members: Database<MemberDocument, string>;
  /** The revision of each member again, so that asking for it decodes nothing. */
  readonly revisions: Database<number, string>;
  /** One record per remembered key, so that a consume rewrites none of the others. */
  readonly keys: Database<KeyDocument, KeyPath>;
  /** `format`: text; `deletedUpTo`: the highest revision that a deleted member ever had. */
  readonly meta: Database<string | number, string>;
}

/** Opens the folder, making it where it is missing, and brings older data to today's format. */
export async function openEmbeddedData(folder: string): Promise<EmbeddedData> {
  const data = await openDatabases(folder);
  try {
    migrate(data);
    // A read takes this process's place in the table of readers, which tells `restore` that the folder is in use.
    data.meta.get('format');
  } catch (error) {
    await data.root.close();
    throw error;
  }
  return data;
}

/** Opens the folder as it is, whatever its format: for backups. */
export async function openDatabases(folder: string): Promise<EmbeddedData> {
  try {
    await makeFolder(folder);
    await checkDataFile(folder, REMEDY);
    const root = openRoot<unknown>(folder);
    return {
      folder,
      root,
      members: root.openDB<MemberDocument, string>({ name: 'members', encoding: 'json' }),
      revisions: root.openDB<number, string>({ name: 'revisions', encoding: 'json' }),
      keys: root.openDB<KeyDocument, KeyPath>({ name: 'keys', encoding: 'json' }),
      meta: root.openDB<string | number, string>({ name: 'meta', encoding: 'json' }),
    };
  } catch (cause) {
    if (cause instanceof StoreUnreachable) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StoreUnreachable(
      `cannot open the data folder \`${folder}\`: ${reason}; it must be a folder on a local disk that this user may write`,
      { cause },
    );
  }
}

/** Every remembered key of one member, as of `transaction` where one is given. */
export function keysOf(
  data: EmbeddedData,
  id: string,
  transaction?: Transaction,
): readonly { readonly key: KeyPath; readonly value: KeyDocument }[] {
  // `g` is above every hexadecimal digit that a name begins with.
  const range = { start: [id, ''], end: [id, 'g'] };
  return [...data.keys.getRange(transaction === undefined ? range : { ...range, transaction })];
}
