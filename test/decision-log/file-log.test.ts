import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { logFileReader } from '../../src/decision-log/read/log-file-reader.ts';
import type { LogFilter, LogPosition } from '../../src/decision-log/read/log-filter.ts';
import { fileSink, requireWritable } from '../../src/decision-log/sinks/file-sink.ts';
import { logFilesIn } from '../../src/decision-log/sinks/log-files.ts';
import type { ApiLogEntry } from '../../src/generated/answers/log/entry.ts';
import { PRESENT } from '../support/arbitrary-member.ts';
import { failureOf } from '../support/expecting.ts';
import { entryAt as entry } from './telling.ts';

const DAY = 86_400_000;

describe('the decision log in files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'perkbook-log-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function write(entries: readonly ApiLogEntry[], options: { keepDays?: number; largestFile?: number } = {}) {
    const sink = fileSink({ folder, keepDays: 30, ...options });
    let lines = entries.map((each) => sink.form(each));
    const atOnce = lines.length > 1000 ? lines.length : 3;
    while (lines.length > 0) lines = lines.slice((await sink.write(lines.slice(0, atOnce))).done);
    await sink.close();
  }

  async function readAll(filter: LogFilter = {}, limit = 7): Promise<readonly string[]> {
    const reader = logFileReader(folder);
    const ids: string[] = [];
    let after: LogPosition | undefined;
    do {
      const page = await reader.page(filter, after, limit);
      expect(page.entries.length).to.be.at.most(limit);
      ids.push(...page.entries.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined);
    return ids;
  }

  const times = (count: number, apart: number) =>
    Array.from({ length: count }, (_, i) => entry(PRESENT + i * apart, `A${String(i).padStart(6, '0')}`));

  it('begins a file with each day, and where one has grown', async () => {
    await write(times(100, DAY / 40), { largestFile: 10_000 });
    const files = readdirSync(folder).sort();
    expect(files.length).to.be.greaterThan(4);
    for (const file of files) {
      const lines = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n');
      const days = lines.map((line) => (JSON.parse(line) as ApiLogEntry).time.slice(0, 10).replaceAll('-', ''));
      expect(new Set(days)).to.deep.equal(new Set([file.slice(10, 18)]));
      expect(lines.length).to.be.at.most(40);
    }
    expect(await readAll()).to.deep.equal(
      times(100, 1)
        .map(({ id }) => id)
        .reverse(),
    );
  });

  it('keeps any text as it is, a line for each entry', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), async (texts) => {
        const entries = texts.map((text, i) => entry(PRESENT + i, `A${i}`, { context: { text } }));
        await write(entries);
        const written = readdirSync(folder)
          .sort()
          .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'));
        rmSync(folder, { recursive: true, force: true });
        expect(written.pop()).to.equal('');
        expect(written.map((line) => JSON.parse(line) as unknown)).to.deep.equal(entries);
      }),
      { numRuns: 50 },
    );
  });

  it('never writes into the file of another process, nor into that of before', async () => {
    await write([entry(PRESENT, 'A')]);
    await write([entry(PRESENT, 'B')]);
    expect(await logFilesIn(folder)).to.have.lengthOf(2);
    expect(await readAll()).to.deep.equal(['B', 'A']);
  });

  it('is one log, whatever wrote it in whichever pages it is read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 30, size: 'max' }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.boolean(),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(1, 1500, 8000, 1_000_000),
        fc.record({
          from: fc.option(fc.integer({ min: 0, max: 30 })),
          until: fc.option(fc.integer({ min: 0, max: 31 })),
        }),
        async (writers, isSetBack, limit, largestFile, { from, until }) => {
          rmSync(folder, { recursive: true, force: true });
          const all: ApiLogEntry[] = [];
          for (const [writer, offsets] of writers.entries()) {
            // A few milliseconds around midnight, many of them the same.
            const entries = (isSetBack ? offsets : offsets.sort((a, b) => a - b)).map((offset, i) =>
              entry(Date.UTC(2026, 10, 23) - 15 + offset, `W${writer}N${String(i).padStart(3, '0')}`),
            );
            all.push(...entries);
            await write(entries, { largestFile });
          }
          const start = Date.UTC(2026, 10, 23) - 15;
          const filter = {
            from: from === null ? undefined : start + from,
            until: until === null ? undefined : start + until,
          };
          const expected = all
            .filter(
              ({ time }) =>
                Date.parse(time) >= (filter.from ?? 0) && Date.parse(time) < (filter.until ?? Number.POSITIVE_INFINITY),
            )
            .sort((a, b) => (a.time === b.time ? (a.id < b.id ? 1 : -1) : a.time < b.time ? 1 : -1));
          expect(await readAll(filter, limit)).to.deep.equal(expected.map(({ id }) => id));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('looks through so much for one page, and goes on with the next', async () => {
    const entries = times(12_000, 1).map((each, i) => (i === 5 ? { ...each, action: 'rare' } : each));
    const sink = fileSink({ folder, keepDays: 30 });
    await sink.write(entries.map((each) => sink.form(each)));
    await sink.close();
    const reader = logFileReader(folder);
    const first = await reader.page({ action: 'rare' }, undefined, 10);
    expect(first.entries).to.deep.equal([]);
    expect(first.next).to.not.equal(undefined);
    expect(await readAll({ action: 'rare' })).to.deep.equal(['A000005']);
  });

  it('finds its place in a large file, also where that is the middle of it', async () => {
    // An odd number, because all lines are of one length.
    const entries = times(2999, 1);
    await write(entries);
    const [file = ''] = readdirSync(folder);
    const text = readFileSync(join(folder, file), 'latin1');
    const first = text.slice(0, text.length / 2).split('\n').length;
    for (const until of [1, first - 1, first, first + 1, 2998]) {
      const ids = entries.slice(0, until).map(({ id }) => id);
      expect(await readAll({ until: PRESENT + until }, 499), String(until)).to.deep.equal(ids.reverse());
    }
  });

  it('ends a page that grows too large, whatever its limit', async () => {
    const text = 'x'.repeat(900_000);
    await write(times(12, 1).map((each) => ({ ...each, context: { text } })));
    const reader = logFileReader(folder);
    const { entries, next } = await reader.page({}, undefined, 500);
    expect(entries).to.have.lengthOf(4);
    expect((await reader.page({}, next, 500)).entries[0]?.id).to.equal('A000007');
    expect(await readAll({}, 500)).to.have.lengthOf(12);
  });

  it('passes over what is being written, and what is none of its lines', async () => {
    await write(times(3, 1));
    const [file = ''] = readdirSync(folder);
    appendFileSync(join(folder, file), '{"log":1,"id":"half');
    expect(await readAll()).to.have.lengthOf(3);
    appendFileSync(join(folder, file), '\nnot json\n{"log":2}\n');
    expect(await readAll()).to.have.lengthOf(3);
  });

  it('takes back half a line that a full disk has left', async () => {
    // A file that may not grow beyond some kilobytes: a write comes through in part, as on a disk that becomes full.
    const sink = new URL('../../src/decision-log/sinks/file-sink.js', import.meta.url).href;
    const program = `
      import { fileSink } from ${JSON.stringify(sink)};
      const sink = fileSink({ folder: ${JSON.stringify(folder)}, keepDays: 30 });
      const lines = ${JSON.stringify(times(40, 1))}.map((entry) => sink.form(entry));
      await sink.write(lines.slice(0, 3));
      await sink.write(lines.slice(3)).then(() => console.log('written'), (error) => console.log(error.code));
      await sink.write(lines.slice(3, 6));
      await sink.close();`;
    const run = promisify(execFile);
    const limited = `ulimit -f 8 && exec '${process.execPath}' --input-type=module -e "$PROGRAM"`;
    const { stdout } = await run('sh', ['-c', limited], { env: { ...process.env, PROGRAM: program } });
    expect(stdout.trim()).to.equal('EFBIG');
    const files = readdirSync(folder).sort();
    expect(files, 'and goes on in the same file').to.have.lengthOf(1);
    expect(await readAll()).to.deep.equal(['A000005', 'A000004', 'A000003', 'A000002', 'A000001', 'A000000']);
  });

  it('goes on in a new file where somebody has deleted the one it writes', async () => {
    const sink = fileSink({ folder, keepDays: 30, lookEveryMs: 0 });
    const one = (id: string) => sink.write([sink.form(entry(PRESENT, id))]);
    await one('LOST');
    for (const file of readdirSync(folder)) rmSync(join(folder, file));
    await one('A');
    expect(await readAll()).to.deep.equal(['A']);
    rmSync(folder, { recursive: true });
    await one('B');
    await sink.close();
    expect(await readAll()).to.deep.equal(['B']);
  });

  it('lets nobody else read what it writes', async function () {
    if (process.platform === 'win32') return this.skip();
    const below = join(folder, 'logs');
    await requireWritable(below);
    const sink = fileSink({ folder: below, keepDays: 30 });
    await sink.write([sink.form(entry(PRESENT, 'A'))]);
    await sink.close();
    const [file = ''] = readdirSync(below);
    expect([statSync(below).mode & 0o777, statSync(join(below, file)).mode & 0o777]).to.deep.equal([0o700, 0o600]);
  });

  it('fails while its folder is gone, and goes on when it is back', async () => {
    const sink = fileSink({ folder, keepDays: 30 });
    const line = [sink.form(entry(PRESENT, 'NEXT'))];
    rmSync(folder, { recursive: true, force: true });
    writeFileSync(folder, '');
    expect((await failureOf(sink.write(line))).message).to.match(/EEXIST|ENOTDIR/);
    rmSync(folder);
    expect(await sink.write(line)).to.deep.equal({ done: 1, dropped: 0 });
    await sink.close();
    expect(await readAll()).to.deep.equal(['NEXT']);
  });
});
