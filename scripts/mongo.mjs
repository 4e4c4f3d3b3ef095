// A real server that speaks MongoDB's protocol, for tests and trials. In this order: the one that `MONGODB_URI` names, a
// `mongod` on the PATH, the test server SecantusDB in a cache outside the work tree. Never for data that matters.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { findServer, install } from './mongo/find-server.mjs';

export { findServer } from './mongo/find-server.mjs';

const START_MS = 30_000;

/**
 * @typedef {object} RunningServer
 * @property {string} uri
 * @property {number | undefined} pid `undefined` where `MONGODB_URI` names the server: then it is not ours to stop.
 * @property {string | undefined} storage
 * @property {() => Promise<void>} stop Stops it and removes its storage, unless that was given.
 * @property {() => Promise<void>} kill9 Ends it as a power cut would; its storage stays.
 */

/**
 * Starts what `findServer` finds and waits until it answers. Throws when there is nothing to start.
 * @param {{ port?: number, storage?: string }} [options] A free port and a folder that `stop` removes, where not given.
 * @returns {Promise<RunningServer>}
 */
export async function startServer(options = {}) {
  const server = findServer();
  if (server === undefined) throw new Error('no MongoDB server is here: `npm run mongo install` gets one for tests');
  if (server.kind === 'uri') {
    const nothing = async () => {};
    return { uri: server.uri, pid: undefined, storage: undefined, stop: nothing, kill9: nothing };
  }
  const port = options.port ?? (await freePort());
  const storage = options.storage ?? (await mkdtemp(join(tmpdir(), 'perkbook-mongo-')));
  const child = spawn(server.command, server.args(port, storage), { stdio: ['ignore', 'ignore', 'pipe'] });
  // It never keeps this process alive, and never outlives it.
  child.unref();
  child.stderr.unref();
  const forget = () => {
    if (options.storage === undefined) rmSync(storage, { recursive: true, force: true, maxRetries: 10 });
  };
  const end = () => {
    child.kill('SIGKILL');
    forget();
  };
  process.once('exit', end);
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints = (complaints + chunk).slice(-2000);
  });
  const exited = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });

  /** @param {NodeJS.Signals} signal */
  const endWith = async (signal) => {
    child.ref();
    child.kill(signal);
    await exited;
    process.removeListener('exit', end);
  };
  const stop = async () => {
    // A server that does not heed the request is ended.
    const hurry = setTimeout(() => child.kill('SIGKILL'), 5000);
    await endWith('SIGTERM');
    clearTimeout(hurry);
    forget();
  };
  const hosts = `mongodb://127.0.0.1:${port}/`;
  try {
    await Promise.race([
      answers(hosts, server.kind === 'mongod'),
      exited.then(() => Promise.reject(new Error('it ended'))),
    ]);
  } catch (cause) {
    await stop();
    throw new Error(`\`${server.command}\` did not start: ${complaints || cause}`, { cause });
  }
  return { uri: hosts, pid: child.pid, storage, stop, kill9: () => endWith('SIGKILL') };
}

/**
 * Resolves when the server can be written to; makes a fresh `mongod` the only member of its replica set.
 * @param {string} uri
 * @param {boolean} initiate
 */
async function answers(uri, initiate) {
  const giveUpAt = Date.now() + START_MS;
  for (;;) {
    const client = new MongoClient(uri, { directConnection: true, serverSelectionTimeoutMS: 500 });
    try {
      const admin = client.db('admin');
      const hello = await admin.command({ hello: 1 }, { signal: AbortSignal.timeout(1000) });
      if (hello.isWritablePrimary) return;
      if (initiate && !hello.setName) await admin.command({ replSetInitiate: {} });
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
    } finally {
      await client.close();
    }
    if (Date.now() > giveUpAt) throw new Error(`no primary after ${START_MS / 1000} s`);
    await sleep(50);
  }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

const USAGE = `usage: node scripts/mongo.mjs [install] [--rust | --python] [--port <number>]
  install   only install the test server (--rust: slow to install, fast; --python: the other way round)
  otherwise install it if there is no server yet, start one and print its URI, and how to use it;
            Ctrl-C stops it and removes its data`;

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rust: { type: 'boolean' },
      python: { type: 'boolean' },
      port: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [command, ...rest] = positionals;
  if (values.help) return console.log(USAGE);
  if (rest.length > 0 || (command !== undefined && command !== 'install') || (values.rust && values.python)) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  const wantsRust = values.rust || (!values.python && Boolean(process.env.CI));
  if (command === 'install' || findServer() === undefined) install(wantsRust ? 'rust' : 'python');
  if (command === 'install') return;

  const server = await startServer(values.port === undefined ? {} : { port: Number(values.port) });
  console.log(server.uri);
  if (server.pid === undefined) return;
  // Beside stdout, which is for programs.
  console.error(`In another terminal: MONGODB_URI=${server.uri}perkbook npm start
Ctrl-C stops the server, and its data is gone.`);
  const stop = () => server.stop().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const idle = setInterval(() => {}, 2 ** 30);
  idle.ref();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
