import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RuleStoreUnreachable } from '../use-cases/ports.ts';

const NAME = '.publishing';
const WITHIN_MS = 5_000;
/** Publishing takes milliseconds: whoever has held the folder for so long has died meanwhile. */
const ABANDONED_MS = 15_000;
const AGAIN_MS = 15;

/**
 * Runs `work` while no other process publishes into the same folder; the folder must be there. A file marks that it is taken;
 * one left behind by a crash is put aside.
 */
export async function oneAtATime<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const mark = join(folder, NAME);
  const token = randomBytes(8).toString('hex');
  const deadline = performance.now() + WITHIN_MS;
  while (!(await take(mark, token))) {
    if (await isAbandoned(mark)) await rename(mark, join(folder, `.abandoned-${token}`)).catch(() => undefined);
    else if (performance.now() > deadline) {
      throw new RuleStoreUnreachable(`somebody else is publishing into \`${folder}\` and does not come to an end`);
    } else await sleep(AGAIN_MS);
    await rm(join(folder, `.abandoned-${token}`), { force: true });
  }
  try {
    return await work();
  } finally {
    // Only our own: after a very long pause somebody may have put ours aside.
    if ((await readFile(mark, 'utf8').catch(() => '')) === token) await rm(mark, { force: true });
  }
}

async function take(mark: string, token: string): Promise<boolean> {
  try {
    const handle = await open(mark, 'wx');
    await handle.writeFile(token);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isAbandoned(mark: string): Promise<boolean> {
  const found = await stat(mark).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > ABANDONED_MS;
}
