import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../../stores/backup/sync-folder.ts';

/** Hidden, so that nobody takes what is half written for a rule file. */
function besides(file: string): string {
  return join(dirname(file), `.${randomBytes(6).toString('hex')}.tmp`);
}

/** Replaces a file as a whole: whoever reads it gets the old text or the new one, also after a power cut. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = await writeBesides(file, text);
  await rename(temporary, file);
  await syncFolder(dirname(file));
}

/** Makes a file as a whole, unless it is there: of several who try, one gets `true`. */
export async function createFile(file: string, text: string): Promise<boolean> {
  const temporary = await writeBesides(file, text);
  try {
    // Unlike a rename, a link never replaces what somebody else has made.
    await link(temporary, file);
    await syncFolder(dirname(file));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Removes a file so that it stays removed after a power cut. */
export async function removeFile(file: string): Promise<void> {
  await rm(file, { force: true });
  await syncFolder(dirname(file));
}

async function writeBesides(file: string, text: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = besides(file);
  const handle = await open(temporary, 'wx');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return temporary;
}
