import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { NOON } from '../http/running.ts';

const CLI = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

/** `perkbook serve` as a process on a port that stays the same, however often it is ended and started again. */
export class Evaluator {
  readonly port: number;
  private readonly env: NodeJS.ProcessEnv;
  private child: ChildProcess | undefined;

  constructor(port: number, env: Readonly<Record<string, string>>) {
    this.port = port;
    this.env = { ...process.env, PERKBOOK_TEST_CLOCK: NOON, ...env, PORT: String(port) };
  }

  /** Resolves when it says that it answers. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [CLI, 'serve'], { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    // It never outlives this process.
    process.once('exit', () => child.kill('SIGKILL'));
    let complaints = '';
    child.stderr.on('data', (chunk) => {
      complaints = (complaints + chunk).slice(-2_000);
    });
    let said = '';
    await new Promise<void>((resolve, reject) => {
      // Read to the end: a program whose output nobody takes does not live long.
      child.stdout.on('data', (chunk) => {
        said += chunk;
        if (said.includes(`:${this.port} `)) resolve();
      });
      child.once('exit', (code) => reject(new Error(`the evaluator ended with ${code}: ${complaints}`)));
    });
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(signal);
  }

  /** Ends it, and resolves with its exit code: null where a signal ended it. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill(signal);
    const [code] = (await exited) as [number | null];
    return code;
  }
}
