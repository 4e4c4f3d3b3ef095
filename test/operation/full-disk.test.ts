import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { PROGRAM, ROOT } from '../cli/run.ts';
import { request } from '../http/running.ts';
import { until } from '../support/expecting.ts';

/** A file that may not grow beyond this stands for a disk that is full: the system says no to LMDB in the same place. */
const LARGEST_FILE_BYTES = 400 * 1024;

describe('a server whose disk is full', () => {
  let folder: string;
  let child: ChildProcess | undefined;
  let address = '';
  let err = '';

  before(function () {
    // `prlimit` makes room again in a process that runs.
    if (process.platform !== 'linux') this.skip();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'perkbook-full-'));
  });
  afterEach(async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    const { PATH = '' } = process.env;
    const env = {
      PATH,
      PORT: '0',
      PERKBOOK_DATA: folder,
      PERKBOOK_RULES: join(ROOT, 'rules'),
      PERKBOOK_METRICS: 'off',
    };
    const started = spawn(process.execPath, [PROGRAM, 'serve'], { cwd: ROOT, env });
    child = started;
    let out = '';
    err = '';
    started.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    started.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    await until(() => out.includes('\n') || started.exitCode !== null);
    address = /http:\S+/.exec(out)?.[0] ?? '';
    if (address === '') throw new Error(`it did not start: ${err}`);
  }

  async function stop(): Promise<void> {
    const stopped = child;
    child = undefined;
    if (stopped === undefined) return;
    stopped.kill('SIGTERM');
    if (stopped.exitCode === null) await once(stopped, 'close');
  }

  function limit(bytes: number | 'unlimited'): void {
    execFileSync('prlimit', ['--pid', String(child?.pid), `--fsize=${bytes}:unlimited`]);
  }

  const put = (id: string) =>
    request(`${address}/v1/members/${id}`, 'PUT', { attributes: { text: 'x'.repeat(4_000) } });
  const loggedAbout = (what: RegExp) => err.split('\n').filter((line) => line.startsWith('{') && what.test(line));

  it('refuses writes, says so once, and takes them again when there is room; what was confirmed stays', async () => {
    await start();
    limit(LARGEST_FILE_BYTES);
    const confirmed: string[] = [];
    let refused = 0;
    let since = Number.POSITIVE_INFINITY;
    // Longer than it is left alone: it is still full when it is tried again.
    for (let i = 0; refused < 300 || performance.now() - since < 11_000; i++) {
      const { status, json, headers } = await put(`u${i}`);
      if (status === 201) {
        confirmed.push(`u${i}`);
        continue;
      }
      if (refused++ === 0) since = performance.now();
      expect([status, json.code, headers.get('retry-after')]).to.deep.equal([503, 'facts_unreachable', '1']);
    }
    expect(confirmed.length).to.be.greaterThan(20);
    expect(loggedAbout(/can be reached again/), err).to.have.lengthOf(0);
    expect((await request(`${address}/readyz`, 'GET')).json).to.include({ store: 'unreachable' });
    const question = { user: confirmed[0], action: 'generation.turbo' };
    expect((await request(`${address}/v1/decisions`, 'POST', question)).json).to.include({ degraded: false });
    expect(
      loggedAbout(/the data folder .* could not be written: .*; is there room on its disk\?/),
      err,
    ).to.have.lengthOf(1);
    // What LMDB writes there by itself nobody can keep it from: a few lines for each write that it is asked for in vain.
    expect(err.split('\n').filter((line) => line !== '' && !line.startsWith('{')).length).to.be.lessThan(100);

    limit('unlimited');
    await until(async () => (await put('later')).status === 201, 20_000);
    expect(loggedAbout(/can be reached again/)).to.have.lengthOf(1);
    await stop();
    await start();
    for (const id of [...confirmed, 'later'])
      expect((await request(`${address}/v1/members/${id}`, 'GET')).status, id).to.equal(200);
  }).timeout(60_000);
});
