import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommandLine } from '../../src/cli/frame/run.ts';
import { makeTerminal } from '../../src/cli/frame/terminal.ts';

/** The top of the checkout, seen from dist/test/cli: there are the rules and the scenarios. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
export const PROGRAM = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly onSpawn?: (child: ReturnType<typeof spawn>) => void;
}

/** Runs the compiled program as its users do, with none of the settings of whoever runs the tests. */
export function perkbook(words: readonly string[], { env = {}, cwd = ROOT, onSpawn }: RunOptions = {}): Promise<Ran> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [PROGRAM, ...words], { cwd, env: { PATH, ...env } });
  onSpawn?.(child);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

/** A folder that is gone after the tests of a file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'perkbook-cli-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The same without a process of its own: for the many small ways to call a command. */
export async function perkbookHere(words: readonly string[], { env = {} }: Pick<RunOptions, 'env'> = {}): Promise<Ran> {
  let out = '';
  let err = '';
  const write = (take: (text: string) => void) => ({
    write: (text: string) => {
      take(text);
      return true;
    },
  });
  const terminal = makeTerminal(
    write((text) => {
      out += text;
    }),
    write((text) => {
      err += text;
    }),
    { PERKBOOK_RULES: join(ROOT, 'rules'), ...env },
  );
  const code = await runCommandLine(words, terminal);
  return { code, out, err };
}
