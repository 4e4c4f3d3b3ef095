import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from '../http/running.ts';
import { until } from '../support/expecting.ts';

/** What `scripts/nginx.mjs` gives. */
interface NginxScript {
  findNginx(): string | undefined;
  startNginx(config: string): { readonly pid: number | undefined; stop(): Promise<void> };
}

/** A line of the access log of `deploy/nginx.conf`. */
export interface LogLine {
  readonly requestId: string;
  readonly method: string;
  /** Without ids. */
  readonly route: string;
  readonly status: number;
  /** `127.0.0.1:8081`; several where one failed and another was asked. */
  readonly evaluator: string;
  readonly upstreamStatus: string;
}

export interface RunningNginx {
  readonly address: string;
  /** Where it writes. */
  readonly folder: string;
  log(): readonly LogLine[];
  stop(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const script = (await import(new URL('../../../scripts/nginx.mjs', import.meta.url).href)) as NginxScript;
const required = process.env.PERKBOOK_REQUIRE_NGINX === '1';
let missing = false;

/** Whether there is an nginx; says so in the last lines of the run when there is not. */
export function hasNginx(): boolean {
  if (script.findNginx() !== undefined) return true;
  if (required) throw new Error('PERKBOOK_REQUIRE_NGINX is set and no nginx is here: `node scripts/nginx.mjs install`');
  if (!missing) {
    process.once('exit', () =>
      console.error(
        '\n!!! NOT TESTED: nginx in front of evaluators. None is here; `node scripts/nginx.mjs install` gets one.',
      ),
    );
  }
  missing = true;
  return false;
}

/** nginx with `deploy/nginx.conf`, of which only addresses and folders are others, and what is `changed`. */
export async function startNginx(
  evaluators: readonly [number, number],
  changed: (config: string) => string = (config) => config,
): Promise<RunningNginx> {
  const folder = mkdtempSync(join(tmpdir(), 'perkbook-front-'));
  // Root's nginx works as nobody, whose folders inside are of that name: larger bodies are written there.
  chmodSync(folder, 0o711);
  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  writeFileSync(config, changed(configFor(folder, port, evaluators)));
  const nginx = script.startNginx(config);
  const address = `http://127.0.0.1:${port}`;
  const answers = () =>
    request(`${address}/nginx-health`, 'GET').then(
      ({ status }) => status === 200,
      () => false,
    );
  try {
    await until(answers, 5_000);
  } catch (error) {
    await nginx.stop();
    throw error;
  }
  return {
    address,
    folder,
    log: () =>
      readFileSync(join(folder, 'access.log'), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as LogLine),
    stop: async () => {
      await nginx.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configFor(folder: string, port: number, evaluators: readonly [number, number]): string {
  const text = readFileSync(join(ROOT, 'deploy/nginx.conf'), 'utf8');
  const changes = [
    ['listen 8080;', `listen 127.0.0.1:${port};`],
    ['perkbook-1:8080', `127.0.0.1:${evaluators[0]}`],
    ['perkbook-2:8080', `127.0.0.1:${evaluators[1]}`],
    ['/dev/stdout', join(folder, 'access.log')],
    ['/dev/stderr', join(folder, 'error.log')],
  ] as const;
  return changes.reduce(
    (config, [from, to]) => {
      if (!config.includes(from)) throw new Error(`deploy/nginx.conf has no \`${from}\``);
      return config.replace(from, to);
    },
    text.replaceAll(' /tmp/', ` ${folder}/`),
  );
}

/** A port that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
