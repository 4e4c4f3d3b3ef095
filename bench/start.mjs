// From `npm start` of a built project to its first answer.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inTurns, row } from './measure.mjs';

const LIMIT_MS = 500;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** Asked with the least that asks, so that the asking does not slow down what is measured. 0: nobody listens yet. */
function statusOf(port) {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/readyz', agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    });
    request.on('error', () => resolve(0));
  });
}

async function firstAnswer(command, args) {
  const port = await freePort();
  const data = mkdtempSync(join(tmpdir(), 'perkbook-bench-'));
  const env = { ...process.env, PORT: String(port), PERKBOOK_DATA: data };
  const start = performance.now();
  const child = spawn(command, args, { env, stdio: 'ignore', detached: true });
  const exited = once(child, 'exit');
  try {
    for (;;) {
      if ((await statusOf(port)) === 200) return performance.now() - start;
      if (performance.now() - start > 30_000) throw new Error('no answer within 30 s');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  } finally {
    process.kill(-child.pid, 'SIGTERM');
    await exited;
    rmSync(data, { recursive: true, force: true });
  }
}

const { npm, direct } = await inTurns(
  { npm: () => firstAnswer('npm', ['start']), direct: () => firstAnswer(process.execPath, ['start.mjs']) },
  5,
);
console.log(
  JSON.stringify([
    row('npm start to the first answer', npm, 'ms', undefined, undefined, {
      text: `at most ${LIMIT_MS} ms`,
      met: npm <= LIMIT_MS,
    }),
    row('the same without npm', direct, 'ms', direct / npm, 'npm start'),
  ]),
);
