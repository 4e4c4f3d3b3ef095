import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { logFileReader } from '../../src/decision-log/read/log-file-reader.ts';
import { logFileName } from '../../src/decision-log/sinks/log-files.ts';
import { PRESENT } from '../support/arbitrary-member.ts';
import { failureOf } from '../support/expecting.ts';
import { entryAt } from './telling.ts';

const run = promisify(execFile);
const MODULES = new URL('../../src/decision-log/', import.meta.url).href;

/** Runs a program as a process with less of something than others have. */
async function limited(ulimit: string, program: string): Promise<unknown> {
  const command = `ulimit ${ulimit} && exec '${process.execPath}' --input-type=module -e "$PROGRAM"`;
  const { stdout } = await run('sh', ['-c', command], { env: { ...process.env, PROGRAM: program } });
  return JSON.parse(stdout);
}

describe('the files of a decision log', () => {
  let folder: string;
  beforeEach(function () {
    if (process.platform === 'win32') this.skip();
    folder = mkdtempSync(join(tmpdir(), 'perkbook-log-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are no more for a disk that is full, however often it is tried', async () => {
    const program = `
      import { readdirSync } from 'node:fs';
      import { fileSink } from '${MODULES}sinks/file-sink.js';
      const folder = ${JSON.stringify(folder)};
      const sink = fileSink({ folder, keepDays: 30 });
      const lines = [sink.form(${JSON.stringify(entryAt(PRESENT, 'A'))})];
      const codes = [];
      for (let i = 0; i < 5; i++) await sink.write(lines).catch((error) => codes.push(error.code));
      const files = readdirSync(folder).length;
      await sink.close();
      console.log(JSON.stringify({ codes, files }));`;
    expect(await limited('-f 0', program)).to.deep.equal({ codes: Array(5).fill('EFBIG'), files: 1 });
    expect(readdirSync(folder), 'one with nothing in it says nothing').to.deep.equal([]);
  });

  it('may be far more than a process may have open, and are read without keeping anybody else waiting', async () => {
    // A process that dies soon and often: each time it leaves a file with one entry, and now and then an empty one.
    const ids = Array.from({ length: 2000 }, (_, i) => `A${String(i).padStart(6, '0')}`);
    for (const [i, id] of ids.entries()) {
      const time = PRESENT + 1000 * i;
      const writer = `${i}x${i.toString(16).padStart(6, '0')}`;
      const line = `${JSON.stringify(entryAt(time, id))}\n`;
      writeFileSync(join(folder, logFileName(time, writer, 1)), line);
      if (i % 20 === 0) writeFileSync(join(folder, logFileName(time, writer, 2)), '');
    }
    const program = `
      import { logFileReader } from '${MODULES}read/log-file-reader.js';
      const reader = logFileReader(${JSON.stringify(folder)});
      let longest = 0;
      let last = performance.now();
      const timer = setInterval(() => {
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
      }, 1);
      const ids = [];
      let after;
      do {
        const page = await reader.page({}, after, 500);
        ids.push(...page.entries.map(({ id }) => id));
        after = page.next;
      } while (after !== undefined);
      clearInterval(timer);
      console.log(JSON.stringify({ ids, longest }));`;
    const read = (await limited('-n 40', program)) as { readonly ids: readonly string[]; readonly longest: number };
    expect(read.ids).to.deep.equal(ids.toReversed());
    expect(read.longest).to.be.below(500);
  });

  it('are no empty log where one of them cannot be read', async () => {
    const name = logFileName(PRESENT, '1x00000a', 1);
    symlinkSync(name, join(folder, name));
    const error = await failureOf(logFileReader(folder).page({}, undefined, 1));
    expect(error).to.include({ code: 'ELOOP' });
  });
});
