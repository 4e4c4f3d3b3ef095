import { readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { openEmbeddedData } from '../../src/stores/embedded/embedded-data.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { failureOf } from '../support/expecting.ts';
import { put } from './changes.ts';
import { removeTemporaryFolders, temporaryFolder } from './temporary.ts';

/** LMDB itself would end this very process: that the tests go on is half of what they show. */
describe('a data file that is damaged', function () {
  this.timeout(20_000);
  after(removeTemporaryFolders);
  let folder: string;
  let file: string;
  let whole: Buffer;

  beforeEach(async () => {
    folder = await temporaryFolder();
    file = join(folder, 'data.mdb');
    const store = await openEmbeddedStore({ folder });
    const attributes = { text: 'x'.repeat(2000) };
    await Promise.all(Array.from({ length: 50 }, (_, n) => store.update(`u-${n}`, put(`u-${n}`, { attributes }))));
    await store.close();
    whole = await readFile(file);
  });

  async function refused(): Promise<string> {
    const error = await failureOf(openEmbeddedStore({ folder }));
    expect(error.name).to.equal('StoreUnreachable');
    expect(error.message).to.include(`\`${file}\``).and.include('perkbook restore').and.not.include('\n');
    return error.message;
  }

  it('is refused when it holds zeros, a text, or nothing', async () => {
    await writeFile(file, Buffer.alloc(whole.length));
    expect(await refused()).to.include('no data of perkbook');
    await writeFile(file, 'once upon a time '.repeat(5000));
    expect(await refused()).to.include('no data of perkbook');
    await writeFile(file, 'short');
    expect(await refused()).to.include('damaged');
    await writeFile(file, '');
    expect(await refused()).to.include('is empty');
  });

  it('is refused when it is cut off anywhere', async () => {
    for (const bytes of [10, 100, 4096, 4196, 8192, whole.length >> 1, whole.length - 4096]) {
      await writeFile(file, whole);
      await truncate(file, bytes);
      expect(await refused(), `${bytes} of ${whole.length}`).to.include('cut off');
    }
  });

  it('is refused when its second page is not what it should be, or another LMDB wrote it', async () => {
    const second = Buffer.from(whole);
    second.fill(0, 4096, 8192);
    await writeFile(file, second);
    expect(await refused()).to.include('damaged');
    const newer = Buffer.from(whole);
    newer.writeUInt32LE(7, 28);
    await writeFile(file, newer);
    expect(await refused()).to.include('another version of LMDB');
  });

  it('is not what it is called when its last pages were never written', async () => {
    const data = await openEmbeddedData(folder);
    await data.root.transaction(() => {
      for (let n = 0; n < 500; n += 1) data.revisions.put(`r-${n}-${'x'.repeat(200)}`, n);
      for (let n = 0; n < 500; n += 1) data.revisions.remove(`r-${n}-${'x'.repeat(200)}`);
    });
    await data.root.close();
    const bytes = await readFile(file);
    const newest = bytes.readBigUInt64LE(152) > bytes.readBigUInt64LE(4096 + 152) ? 0 : 4096;
    const lastPage = Number(bytes.readBigUInt64LE(newest + 144));
    // Where LMDB wrote them all the same, they are taken away: nothing refers to them.
    const { size } = await stat(file);
    if (size === (lastPage + 1) * 4096) await truncate(file, size - 4096);
    const store = await openEmbeddedStore({ folder });
    expect(store.count()).to.equal(50);
    await store.close();
  });

  it('may be in the making by another process', async () => {
    await writeFile(file, '');
    // As a whole, as LMDB makes one.
    await writeFile(`${file}.new`, whole);
    setTimeout(() => void rename(`${file}.new`, file), 100);
    const store = await openEmbeddedStore({ folder });
    expect(store.count()).to.equal(50);
    await store.close();
  });
});
