// Which MongoDB server is here, and how to get one from the package registries.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const RUST_VERSION = '0.5.3-beta.196';
const PYTHON_VERSION = '0.7.0b3';

/**
 * @typedef {{ kind: 'uri', uri: string }} GivenServer
 * @typedef {{ kind: 'mongod' | 'secantus-rust' | 'secantus-python', command: string,
 *   args: (port: number, storage: string) => string[] }} StartableServer
 */

const cache = process.env.PERKBOOK_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'perkbook');

const rust = {
  folder: join(cache, `secantus-mdb-${RUST_VERSION}`),
  command: join(cache, `secantus-mdb-${RUST_VERSION}`, 'bin', 'secantusd-rs'),
  // cargo moves the program there in one step, and writes this list after it.
  proof: join(cache, `secantus-mdb-${RUST_VERSION}`, '.crates2.json'),
};
const python = {
  folder: join(cache, `secantusdb-${PYTHON_VERSION}`),
  command: join(cache, `secantusdb-${PYTHON_VERSION}`, 'bin', 'secantusd-py'),
  // Written by us as the last step, since pip leaves half an installation behind when it is interrupted.
  proof: join(cache, `secantusdb-${PYTHON_VERSION}`, '.complete'),
};

/**
 * What could be used now, without installing anything; `undefined` when nothing could.
 * @returns {GivenServer | StartableServer | undefined}
 */
export function findServer() {
  const uri = process.env.MONGODB_URI;
  if (uri) return { kind: 'uri', uri };
  const mongod = onPath('mongod');
  if (mongod !== undefined) {
    return {
      kind: 'mongod',
      command: mongod,
      args: (port, storage) => [
        '--bind_ip',
        '127.0.0.1',
        '--port',
        `${port}`,
        '--dbpath',
        storage,
        '--replSet',
        'perkbook',
        '--quiet',
      ],
    };
  }
  if (isInstalled(rust)) {
    return { kind: 'secantus-rust', command: rust.command, args: secantusArguments };
  }
  if (isInstalled(python)) {
    return { kind: 'secantus-python', command: python.command, args: secantusArguments };
  }
  return undefined;
}

/**
 * Without `--sync-on-commit` it loses acknowledged writes when it is killed.
 * @param {number} port
 * @param {string} storage
 */
function secantusArguments(port, storage) {
  return ['--host', '127.0.0.1', '--port', `${port}`, '--storage-path', storage, '--sync-on-commit'];
}

/**
 * Gets the test server into the cache; does nothing when it is there. Throws when that fails.
 * @param {'rust' | 'python'} build The Rust build takes minutes and is fast, the Python build seconds and is slow.
 */
export function install(build) {
  const wanted = build === 'rust' ? rust : python;
  if (isInstalled(wanted)) return;
  rmSync(wanted.folder, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  if (build === 'rust') {
    run('cargo', [
      ...['install', 'secantus-mdb', '--version', `=${RUST_VERSION}`, '--locked', '--ignore-rust-version'],
      ...['--root', rust.folder],
    ]);
  } else {
    run('python3', ['-m', 'venv', python.folder]);
    run(join(python.folder, 'bin', 'pip'), ['install', '--quiet', `secantusdb==${PYTHON_VERSION}`]);
    writeFileSync(python.proof, '');
  }
}

/** @param {{ command: string, proof: string }} build */
function isInstalled({ command, proof }) {
  return existsSync(command) && existsSync(proof);
}

/** @param {string} name */
function onPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) throw new Error(`\`${command}\` is needed to install the test server: ${error.message}`);
  if (status !== 0) throw new Error(`\`${command} ${args.join(' ')}\` failed with exit code ${status}`);
}
