import { availableParallelism } from 'node:os';
import type { Version } from '../rules/rule-set.ts';
import type { Impact } from '../use-cases/impact/impact.ts';
import { addCounted, type Counted, impactFrom, newCounted } from '../use-cases/impact/impact-count.ts';
import type { IdRange, ImpactWatch, MeasureImpact } from '../use-cases/impact/ports.ts';
import type { ImpactQuestion } from '../use-cases/impact/question-at.ts';
import type { Job, StoreLocation } from './messages.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

/** So many members are one part: few enough that all workers end at about the same time. */
const PART = 10_000;

export interface WorkersOptions {
  /** How many processes work at once, at most; one for each processor when absent. */
  readonly processes?: number;
  readonly partSize?: number;
}

/** Measures impacts on the members at `location` in processes of its own. */
export function impactWorkers(location: StoreLocation, options: WorkersOptions = {}): MeasureImpact {
  const { processes = availableParallelism(), partSize = PART } = options;
  return (question, watch = {}) => measure(location, question, watch, Math.max(1, processes), partSize);
}

async function measure(
  location: StoreLocation,
  question: ImpactQuestion,
  { signal, onProgress }: ImpactWatch,
  processes: number,
  partSize: number,
): Promise<Impact> {
  const workers: WorkerProcess[] = [];
  let done = 0;
  let total = 0;
  const start = () => {
    const worker = startWorkerProcess((members) => {
      done += members;
      onProgress?.({ done, total: Math.max(done, total) });
    });
    workers.push(worker);
    return worker;
  };
  const stop = () => {
    for (const worker of workers) worker.tell({ kind: 'stop' });
  };
  signal?.addEventListener('abort', stop);
  try {
    const job = jobOf(location, question);
    const first = start();
    // What is compared is found over there: with many versions that is work, too.
    const { recounted } = await first.ask({ kind: 'begin', job }, 'ready');
    const divided = await first.ask({ kind: 'divide', size: partSize }, 'divided');
    ({ total } = divided);
    onProgress?.({ done, total });
    const parts = partsOf(divided.ends);
    const counted: Counted[] = [];
    let next = 0;
    const work = async (worker: WorkerProcess) => {
      while (next < parts.length && signal?.aborted !== true) {
        const part = next++;
        const judged = await worker.ask({ kind: 'judge', part, range: parts[part] ?? {} }, 'judged');
        counted[judged.part] = judged.counted;
      }
    };
    const others = Array.from({ length: Math.min(processes, parts.length) - 1 }, start);
    await Promise.all([
      work(first),
      ...others.map(async (worker) => {
        await worker.ask({ kind: 'begin', job }, 'ready');
        await work(worker);
      }),
    ]);
    const sum = newCounted(question);
    // In the order of the parts, so that the first examples are kept whoever was faster. A part that was never begun is a hole.
    for (const part of counted) if (part !== undefined) addCounted(sum, part);
    return impactFrom(question, recounted, sum, signal?.aborted === true);
  } finally {
    signal?.removeEventListener('abort', stop);
    for (const worker of workers) worker.tell({ kind: 'end' });
    setTimeout(() => {
      for (const worker of workers) worker.kill();
    }, KILL_AFTER_MS).unref();
  }
}

/** A worker that waits for a store that does not answer is not waited for. */
const KILL_AFTER_MS = 2_000;

function jobOf(location: StoreLocation, { succession, at, today }: ImpactQuestion): Job {
  const { id, versions } = succession.after;
  return { location, ruleSet: id, versions: versions.map(sent), at, ...(today === undefined ? {} : { today }) };
}

function sent({ json, ref }: Version): Job['versions'][number] {
  return { json, digest: ref.digest };
}

function partsOf(ends: readonly string[]): readonly IdRange[] {
  return [...ends, undefined].map((until, i) => ({ after: ends[i - 1], until }));
}
