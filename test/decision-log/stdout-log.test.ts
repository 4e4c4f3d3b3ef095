import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { PROGRAM, perkbook, ROOT } from '../cli/run.ts';
import { request, SIX_LORAS } from '../http/running.ts';
import { seriesIn } from '../operation/exposition.ts';
import { until } from '../support/expecting.ts';
import { workersOf } from '../support/workers-of.ts';

const BATCH = 100;
/** More than may wait in a process. */
const BATCHES = 225;
/** No answer waits for the log. */
const ANSWERED_WITHIN_MS = 2_000;

/** A server whose stdout goes to whoever the test is. */
class Piped {
  readonly child: ChildProcess;
  #err = '';

  constructor(data: string, words: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { PATH = '' } = process.env;
    this.child = spawn(process.execPath, [PROGRAM, 'serve', ...words], {
      cwd: ROOT,
      env: { PATH, PORT: '0', PERKBOOK_DATA: data, PERKBOOK_DECISION_LOG: 'stdout', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.#err += chunk.toString();
    });
  }

  /** The messages of its log. */
  get said(): readonly string[] {
    const whole = this.#err.slice(0, this.#err.lastIndexOf('\n') + 1).split('\n');
    return whole.filter((line) => line !== '').map((line) => JSON.parse(line).message as string);
  }

  /** Where it answers, once it does: in the log, because stdout is for decisions alone. */
  async address(): Promise<string> {
    const found = () => this.said.map((message) => /^Perkbook answers on (http:\S+)/.exec(message)?.[1]).find(Boolean);
    await until(() => found() !== undefined);
    return found() ?? '';
  }

  async counts(): Promise<{ readonly waiting: number; readonly written: number; readonly dropped: number }> {
    const series = seriesIn((await request(`${await this.address()}/metrics`, 'GET')).text);
    const entries = (result: string) => series.get(`perkbook_decision_log_entries_total{result="${result}"}`) ?? 0;
    const waiting = series.get('perkbook_decision_log_waiting') ?? 0;
    return { waiting, written: entries('written'), dropped: entries('dropped') };
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = once(child, 'exit');
    child.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  }
}

describe('a decision log on stdout', function () {
  this.timeout(120_000);
  let folder: string;
  let server: Piped;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'perkbook-stdout-'));
  });
  afterEach(async () => {
    await server.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (words: readonly string[] = [], env: Readonly<Record<string, string>> = {}) => {
    server = new Piped(join(folder, 'data'), words, env);
    return server;
  };

  /** Asks so many questions; every one has to be answered, and soon. */
  async function ask(batches: number): Promise<void> {
    const url = `${await server.address()}/v1/decisions/batch`;
    for (let i = 0; i < batches; i++) {
      const questions = Array.from({ length: BATCH }, (_, j) => ({ ...SIX_LORAS, user: `u-${i}-${j}` }));
      const begun = performance.now();
      const { status, json } = await request(url, 'POST', { questions });
      expect([status, json.decisions.length]).to.deep.equal([200, BATCH]);
      expect(performance.now() - begun).to.be.below(ANSWERED_WITHIN_MS);
    }
  }

  it('is lines of JSON and nothing else, which can be judged again', async () => {
    start();
    let out = '';
    server.child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    await ask(3);
    await until(async () => (await server.counts()).written === 3 * BATCH);
    expect(await server.counts()).to.deep.equal({ waiting: 0, written: 3 * BATCH, dropped: 0 });
    expect(await server.end('SIGTERM')).to.equal(0);
    const entries = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries).to.have.lengthOf(3 * BATCH);
    for (const entry of entries) expect(entry).to.include({ log: 1, decision: 'deny', action: SIX_LORAS.action });
    const file = join(folder, 'log.jsonl');
    writeFileSync(file, out);
    const replayed = await perkbook(['replay', file]);
    expect([replayed.code, replayed.err]).to.deep.equal([0, '']);
  });

  it('is written by one process alone: a pipe that is shared is waited for, and its lines are torn', async function () {
    if (process.platform !== 'linux') return this.skip();
    start(['--workers', '2']);
    await server.address();
    const { child } = server;
    const stdoutOf = (pid: number | undefined) => readlinkSync(`/proc/${pid}/fd/1`);
    const workers = workersOf(child);
    expect(workers).to.have.lengthOf(2);
    for (const worker of workers) expect(stdoutOf(worker)).to.not.equal(stdoutOf(child.pid));
  });

  for (const processes of [1, 2]) {
    describe(`of ${processes === 1 ? 'one process' : 'two processes'}`, () => {
      const words = processes === 1 ? [] : ['--workers', String(processes)];
      const batches = processes * BATCHES;
      const total = batches * BATCH;

      it('costs no answer while its reader is slow, and is whole but for what was dropped', async () => {
        start(words);
        await ask(batches);
        const before = await server.counts();
        expect(before.dropped).to.be.above(0);
        expect(before.waiting + before.written + before.dropped).to.equal(total);
        let out = '';
        server.child.stdout?.on('data', (chunk: Buffer) => {
          out += chunk.toString();
        });
        await until(async () => (await server.counts()).waiting === 0, 60_000);
        const after = await server.counts();
        expect(after).to.deep.equal({ waiting: 0, written: total - before.dropped, dropped: before.dropped });
        await until(() => out.split('\n').length - 1 === after.written);
        const ids = new Set(
          out
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line).id),
        );
        expect(ids, 'each entry once').to.have.property('size', after.written);
        await ask(1);
        await until(async () => (await server.counts()).written === after.written + BATCH);
      });

      it('does not keep the server from stopping when its reader reads nothing', async () => {
        start(words);
        await ask(20);
        const begun = performance.now();
        expect(await server.end('SIGTERM')).to.equal(0);
        expect(performance.now() - begun).to.be.below(8_000);
      });

      it('costs no answer when its reader is gone: what cannot be written is counted, and said', async () => {
        start(words);
        await server.address();
        server.child.stdout?.destroy();
        await ask(batches);
        const { waiting, written, dropped } = await server.counts();
        expect([written, waiting + dropped]).to.deep.equal([0, total]);
        expect(dropped).to.be.above(0);
        const isSaid = /^decisions cannot be logged: nobody reads stdout/;
        await until(() => server.said.some((message) => isSaid.test(message)));
        expect(server.child.exitCode).to.equal(null);
        expect(await server.end('SIGTERM')).to.equal(0);
      });

      it('outlives whoever reads stderr, too', async () => {
        start(words, { PERKBOOK_LOG_LEVEL: 'debug' });
        server.child.stdout?.resume();
        await ask(1);
        server.child.stderr?.destroy();
        await ask(5);
        expect(await server.end('SIGTERM')).to.equal(0);
      });
    });
  }
});
