import { chmod, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openEmbeddedKeyTable } from '../../src/decision-log/keys/embedded-key-table.ts';
import { backup, restore } from '../../src/stores/backup/backup.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { openEmbeddedKeys } from '../../src/stores/keys/embedded-keys.ts';
import { put } from './changes.ts';
import { removeTemporaryFolders, temporaryFolder } from './temporary.ts';

describe('what is kept in files', () => {
  before(function () {
    // There the folder above says who may read.
    if (process.platform === 'win32') this.skip();
  });
  after(removeTemporaryFolders);

  it('is for the user alone that the server runs as: members, keys, those of the log, and backups', async () => {
    const place = await temporaryFolder();
    const folder = join(place, 'deep', 'data');
    await openAndClose(folder);
    const file = join(folder, 'members.backup');
    await backup(folder, file);
    await restore(file, join(place, 'restored'));
    const modes = await modesIn(place);
    expect([...modes.keys()]).to.include.members([
      'deep/data/data.mdb',
      'deep/data/api-keys/data.mdb',
      'deep/data/log-keys/data.mdb',
      'deep/data/members.backup',
      'restored/data.mdb',
    ]);
    const others = [...modes].filter(([, mode]) => mode !== '700' && mode !== '600');
    expect(others).to.deep.equal([]);
  });

  it('leaves a folder that was there as open as somebody has made it', async () => {
    const folder = join(await temporaryFolder(), 'data');
    await mkdir(folder);
    await chmod(folder, 0o750);
    await openAndClose(folder);
    expect(((await stat(folder)).mode & 0o777).toString(8)).to.equal('750');
  });
});

async function openAndClose(folder: string): Promise<void> {
  const store = await openEmbeddedStore({ folder });
  await store.update('u', put('u'));
  for (const opened of [store, await openEmbeddedKeys(folder), await openEmbeddedKeyTable(folder)])
    await opened.close();
}

/** The permissions of everything below a folder, by its path. */
async function modesIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const paths = await readdir(folder, { recursive: true });
  const modes = paths.map(async (path) => [path, ((await stat(join(folder, path))).mode & 0o777).toString(8)] as const);
  return new Map(await Promise.all(modes));
}
