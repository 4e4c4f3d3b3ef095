import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { put } from '../stores/changes.ts';
import { PROGRAM, ROOT, temporaryFolder } from './run.ts';

const MEMBERS = 1_500;
/** Of each member: so that all of them are about 150 MB, and a page is 4. */
const TEXT = 'x'.repeat(100_000);

/** Has a program say, when it gets a signal, how many bytes it has written that nobody has taken. */
const SAYING_WHAT_WAITS = `--import=data:text/javascript,${encodeURIComponent(
  "process.on('SIGUSR2', () => process.stderr.write(process.stdout.writableLength + ' bytes wait\\n'));",
)}`;

describe('an export to stdout', function () {
  this.timeout(120_000);
  const data = join(temporaryFolder(), 'data');

  before(async () => {
    const store = await openEmbeddedStore({ folder: data });
    for (let n = 0; n < MEMBERS; n++) {
      const id = `u-${String(n).padStart(5, '0')}`;
      await store.update(id, put(id, { attributes: { text: TEXT } }));
    }
    await store.close();
  });

  function exporting() {
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, [PROGRAM, 'export', '-'], {
      cwd: ROOT,
      env: { PATH, PERKBOOK_DATA: data, NODE_OPTIONS: SAYING_WHAT_WAITS },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, err })) };
  }

  it('waits for who reads slowly, holds little meanwhile, and leaves nothing out', async () => {
    const { child, ended } = exporting();
    // Nobody reads yet: what is written by then is held here, or by whoever writes.
    await once(child.stdout, 'readable');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    child.kill('SIGUSR2');
    await once(child.stderr, 'data');
    let lines = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      for (const byte of chunk) if (byte === 0x0a) lines++;
    });
    const { code, err } = await ended;
    expect(code).to.equal(0);
    expect(lines).to.equal(MEMBERS);
    const [, waiting] = /^(\d+) bytes wait\n$/.exec(err) ?? [];
    expect(Number(waiting)).to.be.within(1, 6_000_000);
  });

  it('ends without a word where nobody reads any more', async () => {
    const { child, ended } = exporting();
    await once(child.stdout, 'readable');
    child.stdout.destroy();
    expect(await ended).to.deep.equal({ code: 0, err: '' });
  });

  it('ends with Ctrl-C, also while it waits for who reads', async () => {
    const { child, ended } = exporting();
    await once(child.stdout, 'readable');
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 500));
    let lines = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      for (const byte of chunk) if (byte === 0x0a) lines++;
    });
    expect(await ended).to.deep.equal({ code: 130, err: 'stopped\n' });
    expect(lines).to.be.below(MEMBERS);
  });
});
