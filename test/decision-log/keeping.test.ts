import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { believedNow } from '../../src/decision-log/believed-clock.ts';
import { hourly } from '../../src/decision-log/hourly.ts';
import { logFileReader } from '../../src/decision-log/read/log-file-reader.ts';
import { fileSink } from '../../src/decision-log/sinks/file-sink.ts';
import { logFileName } from '../../src/decision-log/sinks/log-files.ts';
import { run } from '../http/running.ts';
import { failureOf, until } from '../support/expecting.ts';
import { entryAt } from './telling.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const realNow = Date.now;

/** Sets the clock of this process ahead. */
function setAhead(ms: number): void {
  Date.now = () => realNow() + ms;
}

describe('how long a log in files is kept', () => {
  let folder: string;
  let files = 1;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'perkbook-log-'));
  });
  afterEach(() => {
    Date.now = realNow;
    rmSync(folder, { recursive: true, force: true });
  });

  function file(daysAgo: number, id = `D${daysAgo}`): string {
    const time = realNow() - daysAgo * DAY;
    const name = logFileName(time, '1x00000a', files++);
    writeFileSync(join(folder, name), `${JSON.stringify(entryAt(time, id))}\n`);
    return name;
  }
  const sinkOf = (keepDays = 7) => fileSink({ folder, keepDays });
  async function tidied(sink = sinkOf()): Promise<readonly string[]> {
    await sink.tidy?.();
    await sink.close();
    return readdirSync(folder).sort();
  }
  async function idsRead(): Promise<readonly string[]> {
    const { entries } = await logFileReader(folder, { keepDays: 7 }).page({}, undefined, 100);
    return entries.map(({ id }) => id);
  }

  it('is as many days as are wanted, also where nothing is written, and nothing else is deleted', async () => {
    const kept = [file(6), file(0)];
    file(9);
    file(20);
    writeFileSync(join(folder, 'decisions-notes.txt'), 'mine');
    expect(await tidied()).to.deep.equal([...kept, 'decisions-notes.txt'].sort());
  });

  it('is no longer for who reads it while an old file is still there', async () => {
    file(0);
    file(6);
    file(9);
    expect(await idsRead()).to.deep.equal(['D0', 'D6']);
  });

  it('is seen to when a server starts, though nobody asks it anything', async () => {
    const kept = file(1);
    file(30);
    const server = await run({ decisionLog: { sink: 'file', folder, keepDays: 7, sampleAllows: 1, mask: [] } });
    try {
      await until(() => readdirSync(folder).length === 1);
      expect(readdirSync(folder)).to.deep.equal([kept]);
    } finally {
      await server.close();
    }
  });

  it('does not end for all of it because the clock is set ahead, whatever is written then', async () => {
    const kept = [6, 4, 2, 1, 0].map((daysAgo) => file(daysAgo));
    const sink = sinkOf();
    setAhead(400 * DAY);
    await sink.tidy?.();
    await sink.write([sink.form(entryAt(Date.now(), 'AHEAD'))]);
    await sink.tidy?.();
    expect(readdirSync(folder), 'by the process that is running').to.include.members(kept);
    expect(await tidied(), 'by one that starts then').to.include.members(kept);
    await sink.close();
    setAhead(0);
    expect(await tidied()).to.include.members(kept);
    expect(await idsRead()).to.include.members(['D0', 'D1', 'D2', 'D4', 'D6']);
  });

  it('ends for all that can be deleted, also where one file cannot, and that is told', async () => {
    const stuck = file(20);
    rmSync(join(folder, stuck));
    mkdirSync(join(folder, stuck));
    file(19);
    const sink = sinkOf();
    await sink.write([sink.form(entryAt(Date.now(), 'A'))]);
    const failure = await failureOf(sink.tidy?.() ?? Promise.resolve());
    expect(failure.message).to.include(stuck);
    await sink.close();
    expect(readdirSync(folder)).to.have.lengthOf(2).and.include(stuck);
  });

  it('counts for a file with a name of the future from when it was written', async () => {
    const [today, ahead] = [file(0), file(-400)];
    const writtenDaysAgo = (days: number) => {
      const at = new Date(realNow() - days * DAY);
      utimesSync(join(folder, ahead), at, at);
    };
    writtenDaysAgo(-400);
    expect(await tidied()).to.deep.equal([today, ahead]);
    const { mtimeMs } = statSync(join(folder, ahead));
    expect(mtimeMs, 'from now on, where nobody knows').to.be.below(realNow() + 1);
    writtenDaysAgo(6);
    expect(await tidied()).to.deep.equal([today, ahead]);
    writtenDaysAgo(9);
    expect(await tidied()).to.deep.equal([today]);
  });
});

describe('the present by which something is deleted', () => {
  const now = Date.UTC(2031, 0, 1);
  const at = (ago: number, lasted = 0) => ({ from: now - ago, to: now - ago + lasted });

  it('is that of the clock where it has gone on without a leap', () => {
    expect(believedNow(now, now, [])).to.equal(now);
    expect(believedNow(now, now, [at(DAY), at(3 * HOUR), at(2.5 * DAY), at(-900 * DAY)])).to.equal(now);
    expect(believedNow(now, now, [at(9 * DAY, 8 * DAY), at(11 * DAY, DAY)])).to.equal(now);
    expect(believedNow(now, now - 40 * DAY, [at(41 * DAY)]), 'a server that was asked nothing').to.equal(now);
  });

  it('is the last instant before a leap, for a day', () => {
    const before = at(400 * DAY);
    expect(believedNow(now, now, [before, at(401 * DAY)])).to.equal(before.to);
    expect(believedNow(now, now - 23 * HOUR, [before])).to.equal(before.to);
    expect(believedNow(now, now, [at(23 * HOUR), before]), 'by another process').to.equal(before.to);
    expect(believedNow(now, now - 25 * HOUR, [before])).to.equal(now);
    expect(believedNow(now, now, [at(HOUR), at(25 * HOUR), before])).to.equal(now);
  });
});

describe('what is done every hour', () => {
  it('is done at once, again sooner after a failure, and no more once it is ended', async () => {
    let done = 0;
    const failures: unknown[] = [];
    const end = hourly(
      async () => {
        done++;
        if (done === 1) throw new Error('away');
      },
      (error) => failures.push((error as Error).message),
      { everyMs: 60, againMs: 1 },
    );
    expect(done).to.equal(1);
    await until(() => done === 2);
    await until(() => done === 4);
    end();
    await sleep(150);
    expect([done, failures]).to.deep.equal([4, ['away']]);
  });
});
