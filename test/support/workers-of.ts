import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The processes that a server with several workers has started, by their ids. On Linux alone. */
export function workersOf({ pid }: ChildProcess): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}
