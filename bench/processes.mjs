import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Whether a program can be started here. */
export function has(program, probe = ['--version']) {
  return spawnSync(program, probe, { stdio: 'ignore' }).error === undefined;
}

/** Where the processors can be chosen, servers get the first one and what loads them the second. */
const pinned = has('taskset', ['-V']);

export function onProcessor(processor, command, args) {
  return pinned ? ['taskset', ['-c', String(processor), command, ...args]] : [command, args];
}

/** Starts a server and waits for the line that names its address. `stop` ends it and waits for that. */
export async function startServer(args, env = {}) {
  const [command, rest] = onProcessor(0, process.execPath, args);
  const child = spawn(command, rest, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /http:\/\/[\d.:]+/.exec(line)?.[0];
    if (address === undefined) continue;
    child.stdout.resume();
    return {
      address,
      stop: async () => {
        child.kill('SIGTERM');
        await exited;
      },
    };
  }
  throw new Error(`${args.join(' ')} ended before it named its address`);
}
