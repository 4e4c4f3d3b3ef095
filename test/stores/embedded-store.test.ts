import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { withBreaker } from '../../src/stores/breaker/with-breaker.ts';
import { withFactsCache } from '../../src/stores/cache/facts-cache.ts';
import { openEmbeddedData } from '../../src/stores/embedded/embedded-data.ts';
import { migrate } from '../../src/stores/embedded/embedded-format.ts';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { failureOf, until } from '../support/expecting.ts';
import { put } from './changes.ts';
import { describeMemberStore } from './contract.ts';
import { removeTemporaryFolders, temporaryFolder } from './temporary.ts';
import { startWorker } from './workers.ts';

describeMemberStore('the embedded store', async () => ({ kind: 'embedded', folder: await temporaryFolder() }));

describe('the data folder', function () {
  this.timeout(20_000);
  after(removeTemporaryFolders);

  it('is made where it is missing, also under a name with a dot', async () => {
    const folder = join(await temporaryFolder(), 'deep', 'data.v2');
    const store = await openEmbeddedStore({ folder });
    await store.update('u', put('u'));
    await store.close();
    const again = await openEmbeddedStore({ folder });
    expect(again.get('u')?.revision).to.equal(1);
    await again.close();
  });

  it('that cannot be made is an error that names it and what to do', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, 'not a folder');
    const error = await failureOf(openEmbeddedStore({ folder: file }));
    expect(error.name).to.equal('StoreUnreachable');
    expect(error.message).to.include(`\`${file}\``).and.include('may write');
    expect(error.cause).to.be.instanceOf(Error);
  });

  it('that a file system takes no folders for is an error at once', async function () {
    if (process.platform !== 'linux') return this.skip();
    const error = await failureOf(openEmbeddedStore({ folder: '/proc/perkbook/data' }));
    expect(error.name).to.equal('StoreUnreachable');
    expect(error.message).to.include('`/proc/perkbook/data`').and.include('ENOENT');
  });

  it('of a newer format is refused with what to do, and stays as it is', async () => {
    const folder = await temporaryFolder();
    const data = await openEmbeddedData(folder);
    await data.meta.put('format', 'perkbook-data/7');
    await data.root.close();
    for (let times = 0; times < 2; times += 1) {
      const error = await failureOf(openEmbeddedStore({ folder }));
      expect(error.name).to.equal('UnknownStoreFormat');
      expect(error.message)
        .to.include('perkbook-data/7')
        .and.include('perkbook-data/1')
        .and.include('start the newer perkbook');
    }
  });

  it('that holds something else is refused', async () => {
    const folder = await temporaryFolder();
    const data = await openEmbeddedData(folder);
    await data.meta.put('format', 'cookbook/1');
    await data.root.close();
    expect((await failureOf(openEmbeddedStore({ folder }))).message).to.include('something else');
  });

  it('of an older format is migrated step by step, all or nothing', async () => {
    const data = await openEmbeddedData(await temporaryFolder());
    const steps: number[] = [];
    const step = (from: number, fails = false) => ({
      from,
      run: () => {
        steps.push(from);
        data.meta.putSync(`step ${from}`, 'done');
        if (fails) throw new Error('power cut');
      },
    });
    expect(() => migrate(data, [step(1), step(2, true)])).to.throw('power cut');
    expect(data.meta.get('format')).to.equal('perkbook-data/1');
    expect(data.meta.get('step 1')).to.equal(undefined);
    migrate(data, [step(1), step(2)]);
    expect(steps).to.deep.equal([1, 2, 1, 2]);
    expect(data.meta.get('format')).to.equal('perkbook-data/3');
    await data.root.close();
  });

  it('shows what another process has written, at once', async () => {
    const folder = await temporaryFolder();
    const store = await openEmbeddedStore({ folder });
    expect(store.get('w-0-0')).to.equal(undefined);
    const worker = await startWorker({ kind: 'embedded', folder }, { kind: 'write-forever', prefix: 'w' });
    worker.begin();
    await until(() => worker.lines.includes('w-0-0'));
    expect(store.get('w-0-0')?.revision).to.equal(1);
    expect(store.revision('w-0-0')).to.equal(1);
    worker.child.kill('SIGKILL');
    await worker.ended;
    await store.close();
  });

  it('held by a process that does not let go is unreachable in time, and what was given up is not written later', async () => {
    const folder = await temporaryFolder();
    const store = await openEmbeddedStore({ folder, timeoutMs: 300 });
    const worker = await startWorker({ kind: 'embedded', folder }, { kind: 'hold' });
    worker.begin();
    await until(() => worker.lines.includes('holding'));
    const begun = performance.now();
    const error = await failureOf(store.update('u', put('u')));
    expect(error.name).to.equal('StoreUnreachable');
    expect(performance.now() - begun).to.be.within(290, 2000);
    expect((await failureOf(store.ping())).name).to.equal('StoreUnreachable');
    expect(store.get('u'), 'reads go on').to.equal(undefined);
    worker.child.kill('SIGKILL');
    await worker.ended;
    await until(() =>
      store.ping().then(
        () => true,
        () => false,
      ),
    );
    expect(store.get('u')).to.equal(undefined);
    expect((await store.update('u', put('u'))).member?.revision).to.equal(1);
    await store.close();
  });

  it('held by a process that does not let go keeps nobody waiting behind the first, and is written to again when free', async () => {
    const folder = await temporaryFolder();
    const store = withBreaker(await openEmbeddedStore({ folder, timeoutMs: 300 }));
    const { facts } = withFactsCache(store);
    await store.update('u', put('u'));
    const worker = await startWorker({ kind: 'embedded', folder }, { kind: 'hold' });
    worker.begin();
    await until(() => worker.lines.includes('holding'));
    await failureOf(store.update('u', put('u')));
    await until(() => store.outages?.count === 1);
    const begun = performance.now();
    const late = await Promise.all(Array.from({ length: 20 }, () => failureOf(store.update('u', put('u')))));
    expect(late.every((error) => error.name === 'StoreUnreachable')).to.equal(true);
    expect(performance.now() - begun).to.be.below(100);
    expect(facts.read('u'), 'reads go on, at once').to.have.nested.property('member.revision', 1);
    worker.child.kill('SIGKILL');
    await worker.ended;
    const freed = performance.now();
    await until(() => store.outages?.isDown === false);
    expect(performance.now() - freed).to.be.below(2000);
    expect((await store.update('u', put('u'))).member?.revision).to.equal(2);
    await store.close();
  });

  it('that is deleted or replaced takes no more writes, until it is back', async () => {
    const folder = join(await temporaryFolder(), 'data');
    const store = await openEmbeddedStore({ folder });
    await store.update('u', put('u'));
    const elsewhere = `${folder}-moved`;
    await rename(folder, elsewhere);
    const gone = await failureOf(store.update('u', put('u')));
    expect(gone.name).to.equal('StoreUnreachable');
    expect(gone.message).to.include(`\`${join(folder, 'data.mdb')}\` was deleted`);
    expect((await failureOf(store.ping())).message).to.equal(gone.message);

    await (await openEmbeddedStore({ folder })).close();
    expect((await failureOf(store.update('u', put('u')))).message).to.include('was replaced by another file');
    expect((await failureOf(store.ping())).name).to.equal('StoreUnreachable');

    await rm(folder, { recursive: true });
    await rename(elsewhere, folder);
    await store.ping();
    expect((await store.update('u', put('u'))).member?.revision).to.equal(2);
    await store.close();
  });

  it('is closed behind the last write that was begun', async () => {
    const folder = await temporaryFolder();
    const store = await openEmbeddedStore({ folder });
    const writes = Array.from({ length: 50 }, (_, n) => store.update(`u-${n}`, put(`u-${n}`)));
    await store.close();
    await Promise.all(writes);
    const again = await openEmbeddedStore({ folder });
    expect(again.count()).to.equal(50);
    await again.close();
  });
});
