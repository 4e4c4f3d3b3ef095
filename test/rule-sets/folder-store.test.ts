import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { folderDrafts } from '../../src/rule-sets/folder/folder-drafts.ts';
import { folderStore } from '../../src/rule-sets/folder/folder-store.ts';
import { RuleStoreUnreachable } from '../../src/use-cases/ports.ts';
import { itKeepsRuleSets, newVersion } from './contract.ts';
import { SHOP, shop } from './publishing.ts';

describe('rule sets in a folder', () => {
  itKeepsRuleSets(async () => {
    const [folder, data] = [await temporary(), await temporary()];
    return {
      open: async () => ({ store: folderStore(folder), drafts: folderDrafts(data) }),
      remove: async () => {
        await rm(folder, { recursive: true });
        await rm(data, { recursive: true });
      },
    };
  });

  describe('and what only a folder has', () => {
    let folder = '';
    beforeEach(async () => {
      folder = await temporary();
    });
    afterEach(() => rm(folder, { recursive: true }));

    it('leaves nothing behind but what belongs to a version', async () => {
      const store = folderStore(folder);
      await store.publish(newVersion(1, SHOP));
      await store.publish(newVersion(2, shop(2, 16)));
      expect((await readdir(join(folder, 'shop'))).sort()).to.deep.equal([
        'history.yaml',
        'v1.yaml',
        'v2.yaml',
        'versions.lock',
      ]);
    });

    it('freezes with a version the file that somebody has put below it', async () => {
      const store = folderStore(folder);
      await store.publish(newVersion(1, SHOP));
      await writeFile(join(folder, 'shop/v2.yaml'), shop(2, 16));
      await store.publish(newVersion(3, shop(3, 14)));
      const lock = await readFile(join(folder, 'shop/versions.lock'), 'utf8');
      expect(lock.match(/^\d+(?=: )/gm)).to.deep.equal(['1', '2', '3']);
    });

    it('goes on after a crash between the file and the lock', async () => {
      const store = folderStore(folder);
      await store.publish(newVersion(1, SHOP));
      const lock = join(folder, 'shop/versions.lock');
      const before = await readFile(lock, 'utf8');
      await store.publish(newVersion(2, shop(2, 16)));
      await writeFile(lock, before);
      expect(await store.publish(newVersion(2, shop(2, 17)))).to.equal('lost');
      expect(await store.publish(newVersion(3, shop(3, 17)))).to.equal('done');
      expect((await readFile(lock, 'utf8')).match(/^\d+(?=: )/gm)).to.deep.equal(['1', '2', '3']);
    });

    it('goes on when somebody has died while publishing', async () => {
      const store = folderStore(folder);
      await store.publish(newVersion(1, SHOP));
      const mark = join(folder, 'shop/.publishing');
      await writeFile(mark, 'gone');
      await utimes(mark, new Date(0), new Date(0));
      expect(await store.publish(newVersion(2, shop(2, 16)))).to.equal('done');
      expect(existsSync(mark)).to.equal(false);
    });

    it('says so when the folder cannot be written, or is gone', async () => {
      await writeFile(join(folder, 'shop'), 'in the way');
      const failed = await folderStore(folder)
        .publish(newVersion(1, SHOP))
        .catch((error: unknown) => error);
      expect(failed).to.be.instanceOf(RuleStoreUnreachable);
      const gone = await folderStore(join(folder, 'gone'))
        .read()
        .catch((error: unknown) => error);
      expect(gone).to.be.instanceOf(RuleStoreUnreachable);
    });
  });
});

function temporary(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'perkbook-rules-'));
}
