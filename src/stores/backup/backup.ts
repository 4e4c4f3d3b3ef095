import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type EmbeddedData, keysOf, openDatabases } from '../embedded/embedded-data.ts';
import {
  BACKUP_FORMAT,
  type BackupEnd,
  BackupFailed,
  type BackupHeader,
  type BackupRecord,
  type BackupSummary,
  type LongWork,
} from './backup-file.ts';
import { syncFolder } from './sync-folder.ts';

export { BackupFailed } from './backup-file.ts';
export { restore } from './restore.ts';

const CHUNK = 64 * 1024;

/**
 * Writes everything that the data folder holds at one instant into one file, also while other processes use the folder.
 * A file that is there is replaced once the new one is complete.
 */
export async function backup(folder: string, toFile: string, work: LongWork = {}): Promise<BackupSummary> {
  if (!existsSync(join(folder, 'data.mdb'))) {
    throw new BackupFailed(`there is no data in the folder \`${folder}\`: nothing to back up`);
  }
  const data = await openDatabases(folder);
  const partial = `${toFile}.partial-${process.pid}`;
  const snapshot = data.root.useReadTransaction();
  try {
    const format = data.meta.get('format', { transaction: snapshot });
    const header: BackupHeader = {
      backup: BACKUP_FORMAT,
      data: String(format),
      createdAt: new Date().toISOString(),
      members: data.members.getKeysCount({ transaction: snapshot }),
      deletedUpTo: Number(data.meta.get('deletedUpTo', { transaction: snapshot }) ?? 0),
    };
    const counts = { members: 0, keys: 0 };
    await pipeline(
      Readable.from(toLines(data, header, snapshot, counts, work)),
      createGzip(),
      createWriteStream(partial, { flush: true, mode: 0o600 }),
      work.signal === undefined ? {} : { signal: work.signal },
    );
    await rename(partial, toFile);
    await syncFolder(dirname(toFile));
    return { ...counts, createdAt: header.createdAt };
  } catch (error) {
    await rm(partial, { force: true });
    if (work.signal?.aborted) throw work.signal.reason;
    const reason = error instanceof Error ? error.message : String(error);
    throw new BackupFailed(`could not write the backup \`${toFile}\`: ${reason}`, { cause: error });
  } finally {
    snapshot.done();
    await data.root.close();
  }
}

type Snapshot = ReturnType<EmbeddedData['root']['useReadTransaction']>;

function* toLines(
  data: EmbeddedData,
  header: BackupHeader,
  transaction: Snapshot,
  counts: { members: number; keys: number },
  { onProgress }: LongWork,
): Generator<Buffer> {
  const hash = createHash('sha256');
  let text = '';
  const flush = (): Buffer => {
    const chunk = Buffer.from(text);
    hash.update(chunk);
    text = '';
    return chunk;
  };
  const add = (record: BackupHeader | BackupRecord): void => {
    text += `${JSON.stringify(record)}\n`;
  };

  add(header);
  for (const { value: member } of data.members.getRange({ transaction })) {
    add({ member });
    counts.members += 1;
    for (const { value: key } of keysOf(data, member.id, transaction)) {
      add({ key, of: member.id });
      counts.keys += 1;
    }
    if (text.length >= CHUNK) {
      yield flush();
      onProgress?.(counts.members, header.members);
    }
  }
  yield flush();
  onProgress?.(counts.members, header.members);
  const end: BackupEnd = { end: { ...counts, sha256: hash.digest('hex') } };
  yield Buffer.from(`${JSON.stringify(end)}\n`);
}
