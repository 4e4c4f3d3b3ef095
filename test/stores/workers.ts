import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Target } from './target.ts';
import type { Task } from './worker.ts';

// Next to this file once compiled.
const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url));

export interface Worker {
  /** What it has reported so far. */
  readonly lines: readonly string[];
  readonly child: ChildProcess;
  /** Lets it begin. */
  begin(): void;
  /** Resolves with its exit code or signal. */
  readonly ended: Promise<number | string>;
}

/** Starts a process that has opened the store when this resolves, and waits for `begin`. */
export async function startWorker(target: Target, task: Task): Promise<Worker> {
  const child = spawn(process.execPath, [WORKER, JSON.stringify(target), JSON.stringify(task)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const reader = createInterface({ input: child.stdout });
  const closed = once(reader, 'close');
  const exited = once(child, 'exit');
  const lines: string[] = [];
  const ready = once(reader, 'line');
  await Promise.race([ready, exited.then(() => Promise.reject(new Error('the worker ended before it was ready')))]);
  reader.on('line', (line) => lines.push(line));
  return {
    lines,
    child,
    begin: () => child.stdin.write('go\n'),
    ended: Promise.all([exited, closed]).then(([[code, signal]]) => code ?? signal),
  };
}

/** What this many processes together reported, all having begun at the same time. */
export async function inProcesses(count: number, target: Target, task: Task): Promise<readonly string[]> {
  const workers = await Promise.all(Array.from({ length: count }, () => startWorker(target, task)));
  for (const worker of workers) worker.begin();
  const codes = await Promise.all(workers.map((worker) => worker.ended));
  if (codes.some((code) => code !== 0)) throw new Error(`a worker failed: ${codes.join(', ')}`);
  return workers.flatMap((worker) => worker.lines);
}
