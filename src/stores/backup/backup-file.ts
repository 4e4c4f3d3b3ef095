import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { KeyDocument, MemberDocument } from '../embedded/embedded-document.ts';

/*
 * A backup is gzipped JSON, one record a line: the header, each member followed by its remembered keys, and an end that
 * proves that nothing is missing or changed.
 */

export interface LongWork {
  /** Told now and then how many members are done. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops the work; nothing is changed then, and the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface BackupSummary {
  readonly members: number;
  readonly keys: number;
  readonly createdAt: string;
}

export const BACKUP_FORMAT = 'perkbook-backup/1';

/** The first line. */
export interface BackupHeader {
  readonly backup: string;
  /** The format of the data in it, as stamped in the folder. */
  readonly data: string;
  readonly createdAt: string;
  readonly members: number;
  readonly deletedUpTo: number;
}

export type BackupRecord = { readonly member: MemberDocument } | { readonly key: KeyDocument; readonly of: string };

/** The last line. `sha256`: of everything before it. */
export interface BackupEnd {
  readonly end: { readonly members: number; readonly keys: number; readonly sha256: string };
}

/** A backup could not be made or restored; nothing was changed. */
export class BackupFailed extends Error {
  override readonly name = 'BackupFailed';
}

export interface BackupReader {
  onHeader(header: BackupHeader): void;
  /** May take its time; the file is read no faster than it is used. */
  onRecord(record: BackupRecord): void | Promise<void>;
}

/**
 * Reads a whole backup. Throws `BackupFailed` when it is cut off, changed, or not a backup: only when this has resolved
 * is it known that what the reader was given is complete.
 */
export async function readBackup(file: string, reader: BackupReader, signal?: AbortSignal): Promise<BackupEnd['end']> {
  try {
    let end: BackupEnd['end'] | undefined;
    await pipeline(
      createReadStream(file),
      createGunzip(),
      async (chunks: AsyncIterable<Buffer>) => {
        end = await readLines(chunks, reader);
      },
      signal === undefined ? {} : { signal },
    );
    if (end === undefined) throw new Error('its end is missing');
    return end;
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BackupFailed(`\`${file}\` is not a whole backup of perkbook: ${reason}; nothing was changed`, { cause });
  }
}

async function readLines(chunks: AsyncIterable<Buffer>, reader: BackupReader): Promise<BackupEnd['end']> {
  const hash = createHash('sha256');
  let header: BackupHeader | undefined;
  let end: BackupEnd['end'] | undefined;
  let members = 0;
  let keys = 0;
  for await (const line of splitLines(chunks)) {
    if (end !== undefined) throw new Error('there is something behind its end');
    const record = JSON.parse(line.toString()) as BackupHeader | BackupRecord | BackupEnd;
    if (header === undefined) {
      header = toHeader(record);
      reader.onHeader(header);
    } else if ('end' in record) {
      end = record.end;
      continue;
    } else {
      if ('member' in record) members += 1;
      else keys += 1;
      await reader.onRecord(record as BackupRecord);
    }
    hash.update(line).update('\n');
  }
  if (end === undefined) throw new Error('its end is missing');
  if (end.sha256 !== hash.digest('hex') || end.members !== members || end.keys !== keys) {
    throw new Error('its checksum is wrong');
  }
  return end;
}

function toHeader(record: unknown): BackupHeader {
  const header = record as Partial<BackupHeader> | null;
  if (header?.backup === BACKUP_FORMAT) return header as BackupHeader;
  if (String(header?.backup).startsWith('perkbook-backup/')) {
    throw new Error(`it has the format \`${header?.backup}\`, and this perkbook knows \`${BACKUP_FORMAT}\``);
  }
  throw new Error('it does not begin like one');
}

async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    let text = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let newline = text.indexOf(10); newline >= 0; newline = text.indexOf(10)) {
      yield text.subarray(0, newline);
      text = text.subarray(newline + 1);
    }
    rest = text;
  }
  if (rest.length > 0) throw new Error('its last line is cut off');
}
