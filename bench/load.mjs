import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { has, onProcessor } from './processes.mjs';

const CONNECTIONS = 32;

/** Requests a second that a server answers when 32 connections post these bodies in turn. Fails on any answer but 200. */
export async function requestsPerSecond(url, bodies, { seconds = 2, headers = {} } = {}) {
  const sent = { 'Content-Type': 'application/json', ...headers };
  return has('wrk', ['-v']) ? withWrk(url, bodies, seconds, sent) : withAutocannon(url, bodies, seconds, sent);
}

async function withWrk(url, bodies, seconds, headers) {
  const folder = mkdtempSync(join(tmpdir(), 'perkbook-bench-'));
  const script = join(folder, 'post.lua');
  // Lua's long brackets take any JSON text as it is.
  const list = bodies.map((body) => `[==[${body}]==]`).join(',\n');
  writeFileSync(
    script,
    `local bodies = {${list}}\nlocal at = 0\nwrk.method = "POST"\n` +
      Object.entries(headers)
        .map(([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}\n`)
        .join('') +
      `function request() at = at % #bodies + 1; return wrk.format(nil, nil, nil, bodies[at]) end\n`,
  );
  try {
    const [command, args] = onProcessor(1, 'wrk', ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '-s', script, url]);
    const text = await output(command, args);
    const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]);
    if (!(rate > 0) || /Non-2xx|Socket errors/.test(text)) throw new Error(`wrk on ${url}:\n${text}`);
    return rate;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function withAutocannon(url, bodies, seconds, headers) {
  const { default: autocannon } = await import('autocannon');
  const requests = bodies.map((body) => ({ method: 'POST', headers, body }));
  const result = await autocannon({ url, connections: CONNECTIONS, duration: seconds, requests });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} errors`);
  return result.requests.average;
}

function output(command, args) {
  return new Promise((resolve, reject) => {
    let text = '';
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve(text) : reject(new Error(`${command} ended with ${code}`))));
  });
}
