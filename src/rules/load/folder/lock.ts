import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../finding.ts';

/** Beside the versions of a rule set: the digest of each version that has been published. */
export const LOCK_FILE = 'versions.lock';

const HEAD = `# The published versions and the digests of their files. A published version never changes:
# copy the newest one to a new number instead. Written by the program; do not edit.
`;

const LINE = /^([1-9]\d*): (sha256:[0-9a-f]{64})$/;

/** The digests of published versions by their numbers, low to high. */
export type Lock = ReadonlyMap<number, string>;

export interface ReadLock {
  readonly lock: Lock;
  readonly text: string;
  readonly findings: readonly Finding[];
}

/** A rule set without a lock file has published nothing yet. `file`: the name that findings give the lock. */
export async function readLock(folder: string, file: string): Promise<ReadLock> {
  const text = await readFile(join(folder, LOCK_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new Error(`\`${file}\` cannot be read`, { cause: error });
  });
  return { text, ...parseLock(text, file) };
}

export function parseLock(text: string, file: string): Pick<ReadLock, 'lock' | 'findings'> {
  const lock = new Map<number, string>();
  const findings: Finding[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, number, digest] = LINE.exec(line) ?? [];
    const version = Number(number);
    if (digest === undefined || lock.has(version)) {
      const message =
        digest === undefined
          ? `\`${line.slice(0, 60)}\` is not a line of this file: it has a version and its digest, \`1: sha256:…\``
          : `version ${version} is there twice`;
      findings.push({ severity: 'error', code: 'bad_lock', message, file, line: index + 1, column: 1, path: '' });
    } else lock.set(version, digest);
  }
  return { lock, findings };
}

export async function writeLock(folder: string, lock: Lock): Promise<void> {
  await writeFile(join(folder, LOCK_FILE), lockText(lock));
}

/** The lock as its file has it. */
export function lockText(lock: Lock): string {
  const lines = [...lock].sort(([a], [b]) => a - b).map(([version, digest]) => `${version}: ${digest}\n`);
  return HEAD + lines.join('');
}
