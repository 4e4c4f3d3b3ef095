import { execFile } from 'node:child_process';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageFile } from '../../package/package-file.ts';
import { StoreUnreachable } from '../../use-cases/ports.ts';

/*
 * LMDB trusts its file: one that is no LMDB file, or that ends too early, ends the process with a signal instead of an
 * error. So the first two pages, which say what the file is and how far it reaches, are read before LMDB opens it.
 */

/** The parts of a meta page that are needed, as bytes from its start. All numbers are little-endian. */
const FLAGS = 18;
const MAGIC = 24;
const VERSION = 28;
const PAGE_SIZE = 48;
const FREE_ROOT = 88;
const MAIN_ROOT = 136;
const LAST_PAGE = 144;
const TRANSACTION = 152;
const META_BYTES = 160;

const META_FLAG = 0x08;
const MAGIC_NUMBER = 0xbeefc0de;
const DATA_VERSION = 2;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;

/** Another process that has just made the file writes its first pages within this. */
const MADE_WITHIN_MS = 1000;
const PROBE_WITHIN_MS = 60_000;

interface Meta {
  readonly pageSize: number;
  readonly lastPage: bigint;
  readonly transaction: bigint;
  /** The highest page that everything else is found from. */
  readonly highestRoot: bigint;
}

/**
 * Throws `StoreUnreachable` where LMDB could not live through opening and reading the folder. A missing file is fine. `remedy`: what can
 * be done then.
 */
export async function checkDataFile(folder: string, remedy: string): Promise<void> {
  const wrong = await whatIsWrong(folder);
  if (wrong === undefined) return;
  throw new StoreUnreachable(`the file \`${join(folder, 'data.mdb')}\` ${wrong}; ${remedy}`);
}

async function whatIsWrong(folder: string): Promise<string | undefined> {
  const deadline = performance.now() + MADE_WITHIN_MS;
  for (;;) {
    const file = await openIfThere(join(folder, 'data.mdb'));
    if (file === undefined) return undefined;
    try {
      const wrong = await whatIsWrongWith(file, folder);
      if (wrong !== 'unfinished') return wrong;
    } finally {
      await file.close();
    }
    if (performance.now() > deadline) return 'is damaged: it is empty';
    await sleep(20);
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    // What else keeps it from being opened, LMDB says too.
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

async function whatIsWrongWith(file: FileHandle, folder: string): Promise<string | 'unfinished' | undefined> {
  const first = await readMeta(file, 0);
  if (first === 'missing') return (await file.stat()).size === 0 ? 'unfinished' : `is damaged: it is cut off`;
  if (typeof first === 'string') return first;
  const second = await readMeta(file, first.pageSize);
  if (second === 'missing') return 'is damaged: it is cut off';
  if (typeof second === 'string') return second;
  const newest = first.transaction > second.transaction ? first : second;
  // After the meta pages: another process that writes makes the file longer before it says so.
  const { size } = await file.stat();
  const pageSize = BigInt(newest.pageSize);
  const expected = (newest.lastPage + 1n) * pageSize;
  if (BigInt(size) >= expected) return undefined;
  const cutOff = `is damaged: it is cut off after ${size} of ${expected} bytes`;
  if ((newest.highestRoot + 1n) * pageSize > BigInt(size)) return cutOff;
  // Pages at the end that were given up before they were ever written are missing rightfully.
  return (await canBeRead(folder)) ? undefined : cutOff;
}

async function readMeta(file: FileHandle, position: number): Promise<Meta | 'missing' | string> {
  const bytes = Buffer.alloc(META_BYTES);
  const { bytesRead } = await file.read(bytes, 0, META_BYTES, position);
  if (bytesRead > MAGIC + 8 && !isMeta(bytes)) return 'is damaged, or no data of perkbook';
  if (bytesRead < META_BYTES) return 'missing';
  const version = bytes.readUInt32LE(VERSION) & 0xffff;
  if (version !== DATA_VERSION) {
    return `was written by another version of LMDB (\`${version}\`; this one knows \`${DATA_VERSION}\`)`;
  }
  const pageSize = bytes.readUInt32LE(PAGE_SIZE);
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) return 'is damaged';
  const roots = [FREE_ROOT, MAIN_ROOT].map((at) => bytes.readBigUInt64LE(at)).filter((root) => root !== NO_PAGE);
  return {
    pageSize,
    lastPage: bytes.readBigUInt64LE(LAST_PAGE),
    transaction: bytes.readBigUInt64LE(TRANSACTION),
    highestRoot: roots.reduce((highest, root) => (root > highest ? root : highest), 0n),
  };
}

function isMeta(bytes: Buffer): boolean {
  return (bytes.readUInt16LE(FLAGS) & META_FLAG) !== 0 && bytes.readUInt32LE(MAGIC) === MAGIC_NUMBER;
}

/** Lets another process read all of it, which does not live through it where a page is missing that is used. */
function canBeRead(folder: string): Promise<boolean> {
  const probe = packageFile('dist/src/stores/embedded/data-file-probe.js');
  return new Promise((resolve) => {
    execFile(process.execPath, [probe, folder], { timeout: PROBE_WITHIN_MS }, (error) => resolve(error === null));
  });
}
