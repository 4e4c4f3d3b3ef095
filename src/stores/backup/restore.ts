import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type EmbeddedData, openDatabases } from '../embedded/embedded-data.ts';
import { migrate } from '../embedded/embedded-format.ts';
import { makeFolder } from '../embedded/make-folder.ts';
import { keyName } from '../storable-id.ts';
import { parseFormat } from '../store-format.ts';
import {
  BackupFailed,
  type BackupHeader,
  type BackupRecord,
  type BackupSummary,
  type LongWork,
  readBackup,
} from './backup-file.ts';
import { syncFolder } from './sync-folder.ts';

export interface RestoreOptions extends LongWork {
  /** Whether data that is in the folder may be replaced. */
  readonly replace?: boolean;
}

const BATCH = 1000;

/**
 * Puts a backup in place of what is in the folder, by one rename at the end: whatever happens before it, the folder
 * still has what it had. The file is read and checked as a whole first. Throws `BackupFailed` for a folder with data
 * unless `replace` is set, and always for one that a running process has open.
 */
export async function restore(fromFile: string, folder: string, options: RestoreOptions = {}): Promise<BackupSummary> {
  const target = join(folder, 'data.mdb');
  if (existsSync(target) && options.replace !== true) {
    throw new BackupFailed(
      `the folder \`${folder}\` already has data: choose another folder, or say that it may be replaced`,
    );
  }
  const header = await checkBackup(fromFile, options.signal);
  await refuseWhileInUse(folder);

  await makeFolder(folder);
  // Inside the folder, because a rename is only atomic within one file system.
  const workshop = await mkdtemp(join(folder, '.restoring-'));
  try {
    const counts = await fill(workshop, fromFile, header, options);
    options.signal?.throwIfAborted();
    await refuseWhileInUse(folder);
    await rename(join(workshop, 'data.mdb'), target);
    await syncFolder(folder);
    return { ...counts, createdAt: header.createdAt };
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

async function checkBackup(file: string, signal: AbortSignal | undefined): Promise<BackupHeader> {
  let header: BackupHeader | undefined;
  const onHeader = (found: BackupHeader): void => {
    header = found;
    parseFormat(found.data, 'the backup');
  };
  await readBackup(file, { onHeader, onRecord: () => undefined }, signal);
  if (header === undefined) throw new BackupFailed(`\`${file}\` is empty`);
  return header;
}

/** A process that has the old file open would go on writing to it, and lose everything when it ends. */
async function refuseWhileInUse(folder: string): Promise<void> {
  if (!existsSync(join(folder, 'data.mdb'))) return;
  const data = await openDatabases(folder).catch(() => undefined);
  // What cannot be opened is not in use, and may be why somebody restores.
  if (data === undefined) return;
  const readers = data.root.readerList();
  await data.root.close();
  const others = [...readers.matchAll(/^\s*(\d+)\s/gm)]
    .map(([, pid]) => Number(pid))
    .filter((pid) => pid !== process.pid);
  if (others.length === 0) return;
  throw new BackupFailed(
    `the folder \`${folder}\` is in use by process ${[...new Set(others)].join(', ')}: stop it first`,
  );
}

async function fill(
  workshop: string,
  fromFile: string,
  header: BackupHeader,
  { onProgress, signal }: LongWork,
): Promise<{ readonly members: number; readonly keys: number }> {
  const data = await openDatabases(workshop);
  try {
    let batch: BackupRecord[] = [];
    let done = 0;
    const write = async (): Promise<void> => {
      const records = batch;
      batch = [];
      await data.root.transaction(() => {
        for (const record of records) putRecord(data, record);
      });
      done += records.filter((record) => 'member' in record).length;
      onProgress?.(done, header.members);
    };
    const onRecord = async (record: BackupRecord): Promise<void> => {
      batch.push(record);
      if (batch.length >= BATCH) await write();
    };
    const counts = await readBackup(fromFile, { onHeader: () => undefined, onRecord }, signal);
    await write();
    await data.root.transaction(() => {
      data.meta.put('deletedUpTo', header.deletedUpTo);
      data.meta.put('format', header.data);
    });
    migrate(data);
    return { members: counts.members, keys: counts.keys };
  } finally {
    await data.root.close();
  }
}

function putRecord(data: EmbeddedData, record: BackupRecord): void {
  if ('member' in record) {
    data.members.put(record.member.id, record.member);
    data.revisions.put(record.member.id, record.member.revision);
  } else {
    data.keys.put([record.of, keyName(record.key.key)], record.key);
  }
}
