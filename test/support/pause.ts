import { readdirSync, readFileSync } from 'node:fs';
import { until } from './expecting.ts';

/** Stops a process until `SIGCONT`, and resolves when the last of its threads stands still: until then it may answer once more. */
export async function pause(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  const threads = `/proc/${pid}/task`;
  await until(() => readdirSync(threads).every((thread) => stateOf(`${threads}/${thread}/stat`) === 'T'));
}

/** The letter behind the name, which stands in parentheses and may hold anything. */
function stateOf(stat: string): string | undefined {
  return /\) (\w) [^)]*$/.exec(readFileSync(stat, 'utf8'))?.[1];
}
