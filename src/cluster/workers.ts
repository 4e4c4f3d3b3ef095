import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/config.ts';
import type { StopOptions } from '../http/server.ts';
import type { Log } from '../log/logger.ts';
import type { Sample } from '../metrics/metrics.ts';
import { type Print, printTo } from '../wiring/print.ts';
import { reasonOf } from '../wiring/start-error.ts';
import { Gathering } from './gathering.ts';
import type { Answering, ToPrimary, ToWorker } from './messages.ts';
import { Pulse, SILENT_FOR_S } from './pulse.ts';

/** A worker that has lived for so long has not ended because of how it was started: the next one takes its place at once. */
const STEADY_MS = 10_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 15_000;
/** A worker stops by itself within 10 s for what is under way, and 5 s for a MongoDB that does not answer. */
const STOP_WITHIN_MS = 17_000;

/** A worker has ended before it answered anybody. It has said why. */
export class WorkerNotStarted extends Error {
  override readonly name = 'WorkerNotStarted';
}

/** The processes that answer, kept at their number. This process only hands connections on to them, in turn. */
export class Workers {
  readonly #config: Config;
  readonly #log: Log;
  readonly #onNoneLeft: () => void;
  readonly #gathering = new Gathering();
  readonly #print: Print = printTo(process.stdout);
  readonly #pulse = new Pulse<Worker>({
    ask: (worker) => send(worker, { kind: 'ping' }),
    onSilent: (worker) => this.#endSilent(worker),
  });
  readonly #ready = new Set<Worker>();
  readonly #all = new Set<Worker>();
  #isStopping = false;

  /** `onNoneLeft`: none answers any more, and the next one could not start either. */
  constructor(config: Config, log: Log, onNoneLeft: () => void) {
    this.#config = config;
    this.#log = log;
    this.#onNoneLeft = onNoneLeft;
    cluster.setupPrimary({
      exec: fileURLToPath(new URL('./worker.js', import.meta.url)),
      args: [],
      // INVARIANT: a decision log's stdout is this process's alone. Who shares a pipe with a child waits, from its start on, until all
      // that it writes is read.
      stdio: ['inherit', config.decisionLog.sink === 'stdout' ? process.stderr.fd : 'inherit', 'inherit', 'ipc'],
      // Metrics hold numbers that JSON has not.
      serialization: 'advanced',
    });
  }

  /** Resolves when all of them answer, with what the first says; with nothing where they were told to stop before. Throws `WorkerNotStarted`. */
  async start(count: number): Promise<Answering | undefined> {
    try {
      const answering = await this.#startAll(count);
      return this.#isStopping ? undefined : answering;
    } catch (error) {
      // One that ends because it was told to has not failed.
      if (this.#isStopping && error instanceof WorkerNotStarted) return undefined;
      throw error;
    }
  }

  async #startAll(count: number): Promise<Answering> {
    // What is wrong with the settings, the rules or the store is said once.
    const first = this.#begin();
    const answering = await first.ready;
    if (this.#isStopping) return answering;
    const others = Array.from({ length: count - 1 }, () => this.#begin());
    for (const { ready } of others) ready.catch(() => undefined);
    for (const { ready } of others) await ready;
    for (const { worker } of [first, ...others]) void this.#replace(worker);
    return answering;
  }

  /** Each answers what is under way. Resolves when the last has ended. */
  async close(options: StopOptions = {}): Promise<void> {
    this.#isStopping = true;
    const workers = [...this.#all];
    for (const worker of workers) send(worker, { kind: 'stop', options });
    const limit = setTimeout(() => {
      for (const worker of this.#all) worker.process.kill('SIGKILL');
    }, STOP_WITHIN_MS);
    await Promise.all(workers.map((worker) => (worker.isDead() ? undefined : once(worker, 'exit'))));
    clearTimeout(limit);
    this.#pulse.stop();
  }

  #begin(): { readonly worker: Worker; readonly ready: Promise<Answering> } {
    const worker = cluster.fork();
    this.#all.add(worker);
    const ready = new Promise<Answering>((resolve, reject) => {
      worker.on('message', (message: ToPrimary) => {
        switch (message.kind) {
          case 'here':
            send(worker, this.#isStopping ? { kind: 'stop', options: {} } : { kind: 'begin', config: this.#config });
            return;
          case 'ready':
            this.#ready.add(worker);
            this.#pulse.follow(worker);
            resolve(message.answering);
            return;
          case 'alive':
            this.#pulse.heard(worker);
            return;
          case 'sampled':
            this.#gathering.answered(worker.id, message.id, message.sample);
            return;
          case 'gather':
            void this.#gather(worker, message.id, message.own);
            return;
          case 'print':
            void this.#printFor(worker, message.id, message.text);
        }
      });
      worker.once('exit', () => {
        this.#all.delete(worker);
        this.#ready.delete(worker);
        this.#pulse.leave(worker);
        this.#gathering.ended(worker.id, !this.#isStopping);
        reject(new WorkerNotStarted());
      });
    });
    return { worker, ready };
  }

  /** Connections would go on being given to it, and wait there. Its end is noticed as any other. */
  #endSilent(worker: Worker): void {
    const { pid } = worker.process;
    this.#log({ level: 'warn', message: `worker ${pid} has not answered for ${SILENT_FOR_S} s and is ended` });
    worker.process.kill('SIGKILL');
  }

  async #gather(asker: Worker, id: number, own: Sample): Promise<void> {
    const all = [...this.#ready].map((each) => ({
      number: each.id,
      ask: (sampleId: number) => send(each, { kind: 'sample', id: sampleId }),
    }));
    send(asker, { kind: 'gathered', id, samples: await this.#gathering.gather(asker.id, own, all) });
  }

  async #printFor(worker: Worker, id: number, text: string): Promise<void> {
    const error = await this.#print(text).then(() => undefined, reasonOf);
    send(worker, { kind: 'printed', id, error });
  }

  /** Whenever one ends, another one takes its place: after a pause where it had not lived for long. */
  async #replace(first: Worker): Promise<void> {
    let worker = first;
    let pause = 0;
    let startedAt = performance.now();
    while (true) {
      if (!worker.isDead()) await once(worker, 'exit');
      if (this.#isStopping) return;
      const lived = performance.now() - startedAt;
      pause = lived > STEADY_MS ? 0 : Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, pause * 2));
      const { pid, exitCode, signalCode } = worker.process;
      this.#log({
        level: 'warn',
        message: `worker ${pid} ended with ${signalCode ?? `code ${exitCode}`}; another one takes its place`,
        workers: this.#ready.size,
      });
      await sleep(pause);
      if (this.#isStopping) return;
      startedAt = performance.now();
      const next = this.#begin();
      worker = next.worker;
      const isReady = await next.ready.then(
        () => true,
        () => false,
      );
      if (!isReady && this.#ready.size === 0 && !this.#isStopping) this.#onNoneLeft();
    }
  }
}

function send(worker: Worker, message: ToWorker): void {
  // One that is ending has no ear any more, and its end is noticed elsewhere.
  if (worker.isConnected()) worker.send(message, () => undefined);
}
