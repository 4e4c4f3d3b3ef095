import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { backup, restore } from '../../src/stores/backup/backup.ts';
import { type EmbeddedStore, openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { failureOf, until } from '../support/expecting.ts';
import { put, remove, takeWithKey } from './changes.ts';
import { removeTemporaryFolders, temporaryFolder } from './temporary.ts';
import { startWorker } from './workers.ts';

const DAY = '2026-11-22';

describe('backup and restore', function () {
  this.timeout(30_000);
  let folder: string;
  let file: string;
  after(removeTemporaryFolders);
  beforeEach(async () => {
    folder = await temporaryFolder();
    file = join(await temporaryFolder(), 'backup.jsonl.gz');
  });

  async function withStore<T>(inFolder: string, use: (store: EmbeddedStore) => Promise<T>): Promise<T> {
    const store = await openEmbeddedStore({ folder: inFolder });
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  }

  /** Some members, remembered keys, and one who was deleted at revision 3. */
  async function fillStore(members = 5): Promise<void> {
    await withStore(folder, async (store) => {
      const ids = Array.from({ length: members }, (_, n) => `u-${n}`);
      await Promise.all(
        ids.map((id) => store.update(id, takeWithKey(id, `key of ${id}`, DAY), { key: `key of ${id}` })),
      );
      for (let n = 0; n < 3; n += 1) await store.update('gone', put('gone'));
      await store.update('gone', remove);
    });
  }

  it('bring back every member, every key, and the rule that no revision comes twice', async () => {
    await fillStore();
    const before = await withStore(folder, async (store) => store.list(undefined, 100));
    const summary = await backup(folder, file);
    expect(summary).to.include({ members: 5, keys: 5 });
    const elsewhere = join(await temporaryFolder(), 'new');
    expect(await restore(file, elsewhere)).to.deep.equal(summary);
    await withStore(elsewhere, async (store) => {
      expect(store.list(undefined, 100)).to.deep.equal(before);
      expect(store.revision('u-3')).to.equal(1);
      const again = await store.update('u-3', takeWithKey('u-3', 'key of u-3', DAY), { key: 'key of u-3' });
      expect(again.result).to.equal('replayed');
      expect((await store.update('gone', put('gone'))).member?.revision).to.equal(4);
    });
    expect(await readdir(elsewhere)).to.have.members(['data.mdb', 'lock.mdb']);
  });

  it('hold one instant, while another process writes and this one has the store open', async () => {
    await fillStore(3000);
    const worker = await startWorker({ kind: 'embedded', folder }, { kind: 'alternate' });
    worker.begin();
    await until(() => worker.lines.length > 3);
    await withStore(folder, async (store) => {
      for (let round = 0; round < 5; round += 1) {
        await backup(folder, file);
        const elsewhere = join(await temporaryFolder(), 'new');
        await restore(file, elsewhere);
        await withStore(elsewhere, async (copy) => {
          expect(copy.count()).to.equal(3002);
          // The writer writes `a`, then `z`: an instant has them equal, or `a` one ahead. They are first and last in the file.
          expect(copy.revision('a') - copy.revision('z')).to.be.within(0, 1);
        });
      }
      expect((await store.update('still', put('still'))).member, 'the open store goes on').to.not.equal(undefined);
    });
    worker.child.kill('SIGKILL');
    await worker.ended;
  });

  it('say how far they are', async () => {
    await fillStore(2500);
    const told: [number, number][] = [];
    const onProgress = (done: number, total: number) => told.push([done, total]);
    await backup(folder, file, { onProgress });
    expect(told.length).to.be.greaterThan(2);
    expect(told.at(-1)).to.deep.equal([2500, 2500]);
    told.length = 0;
    await restore(file, join(await temporaryFolder(), 'new'), { onProgress });
    expect(told.length).to.be.greaterThan(2);
    expect(told.at(-1)).to.deep.equal([2500, 2500]);
  });

  it('leave everything as it was when they are stopped', async () => {
    await fillStore(2500);
    await backup(folder, file);
    const whole = await readFile(file);
    const stopping = () => {
      const controller = new AbortController();
      return { signal: controller.signal, onProgress: () => controller.abort(new Error('enough')) };
    };
    expect((await failureOf(backup(folder, file, stopping()))).message).to.equal('enough');
    expect(await readFile(file)).to.deep.equal(whole);
    expect(await readdir(join(file, '..'))).to.deep.equal(['backup.jsonl.gz']);

    const elsewhere = await temporaryFolder();
    expect((await failureOf(restore(file, elsewhere, stopping()))).message).to.equal('enough');
    expect(await readdir(elsewhere)).to.deep.equal([]);
  });

  it('refuse a folder with data, unless told to replace it', async () => {
    await fillStore();
    await backup(folder, file);
    const other = await temporaryFolder();
    await withStore(other, (store) => store.update('mine', put('mine')));
    const error = await failureOf(restore(file, other));
    expect(error.name).to.equal('BackupFailed');
    expect(error.message).to.include(`\`${other}\``).and.include('already has data');
    await withStore(other, async (store) =>
      expect(store.list(undefined, 9).map(({ id }) => id)).to.deep.equal(['mine']),
    );

    await restore(file, other, { replace: true });
    await withStore(other, async (store) => {
      expect(store.get('mine')).to.equal(undefined);
      expect(store.count()).to.equal(5);
      expect((await store.update('new', put('new'))).member?.revision).to.equal(4);
    });
  });

  it('refuse a folder that a process has open, even one that does nothing', async () => {
    await fillStore();
    await backup(folder, file);
    const worker = await startWorker({ kind: 'embedded', folder }, { kind: 'idle' });
    const error = await failureOf(restore(file, folder, { replace: true }));
    expect(error.message).to.include(`in use by process ${worker.child.pid}`);
    worker.child.kill('SIGKILL');
    await worker.ended;
    await restore(file, folder, { replace: true });
  });

  it('notice a file that is cut off, changed, or not a backup, before they change anything', async () => {
    await fillStore(200);
    await backup(folder, file);
    const whole = await readFile(file);
    const text = gunzipSync(whole).toString();
    const lines = text.split('\n');
    const broken: Record<string, Buffer> = {
      'cut off in the middle': whole.subarray(0, whole.length >> 1),
      'without its last byte': whole.subarray(0, -1),
      'without its end': gzipSync(`${lines.slice(0, -2).join('\n')}\n`),
      'without one line': gzipSync(lines.toSpliced(20, 1).join('\n')),
      'with one line twice': gzipSync(lines.toSpliced(20, 0, lines[20] ?? '').join('\n')),
      'with one digit changed': gzipSync(text.replace('"taken":1', '"taken":9')),
      'with something behind': gzipSync(`${text}{}\n`),
      'with lines in another order': gzipSync(lines.toSpliced(20, 2, lines[21] ?? '', lines[20] ?? '').join('\n')),
      'not gzipped': Buffer.from(text),
      'of something else': gzipSync('{"backup":"cookbook/1"}\n'),
      'of a newer perkbook': gzipSync(text.replace('perkbook-backup/1', 'perkbook-backup/2')),
      'with newer data': gzipSync(text.replace('perkbook-data/1', 'perkbook-data/2')),
      empty: Buffer.alloc(0),
    };
    for (const [how, bytes] of Object.entries(broken)) {
      await writeFile(file, bytes);
      const error = await failureOf(restore(file, folder, { replace: true }));
      expect(error.name, how).to.equal('BackupFailed');
      expect(error.message, how).to.include(`\`${file}\``);
    }
    await withStore(folder, async (store) => expect(store.count()).to.equal(200));
    expect(await readdir(folder)).to.have.members(['data.mdb', 'lock.mdb']);
    const missing = await failureOf(restore(join(folder, 'none'), folder, { replace: true }));
    expect(missing.message).to.include('ENOENT');
  });

  it('have nothing to do where there is no data, and make none', async () => {
    const empty = await temporaryFolder();
    const error = await failureOf(backup(empty, file));
    expect(error.message).to.include('no data');
    expect(await readdir(empty)).to.deep.equal([]);
  });
});
