// A real nginx for tests and trials: one that is here, or Debian's package, unpacked into a cache outside the work tree. Nothing is
// installed into the system, and no service is started.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = process.env.PERKBOOK_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'perkbook');
const unpacked = join(cache, 'nginx');
/** The packages that have the program, by the age of the distribution. */
const PACKAGES = ['nginx', 'nginx-core', 'nginx-light'];
/** Where it usually is, also for who is not root and has no such folder on the PATH. */
const USUAL = ['/usr/sbin', '/usr/local/sbin', '/usr/local/nginx/sbin', '/opt/homebrew/bin'];

/**
 * The program that could be started now, without installing anything; `undefined` when there is none.
 * @returns {string | undefined}
 */
export function findNginx() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...USUAL, join(unpacked, 'usr/sbin')];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'nginx'))
    .find((file) => existsSync(file));
}

/** Gets nginx into the cache; does nothing where there is one. Throws when that fails. */
export function install() {
  if (findNginx() !== undefined) return;
  mkdirSync(cache, { recursive: true });
  // Lists of packages may be missing on a new machine. Who is not root goes by those that are there.
  if (process.getuid?.() === 0) spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const folder = mkdtempSync(join(cache, 'nginx-'));
  try {
    for (const name of PACKAGES) {
      // The downloader of apt would rather be a user of its own, who may not write here: it says so, and goes on.
      spawnSync('apt-get', ['download', '-qq', name], { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] });
    }
    const files = readdirSync(folder).filter((file) => file.endsWith('.deb'));
    if (files.length === 0) throw new Error('`apt-get download nginx` got nothing; install nginx yourself');
    for (const file of files) run('dpkg', ['-x', file, 'root'], folder);
    const program = join(folder, 'root/usr/sbin/nginx');
    if (!existsSync(program)) throw new Error(`there is no program in ${files.join(', ')}; install nginx yourself`);
    run(program, ['-v'], folder);
    rmSync(unpacked, { recursive: true, force: true });
    renameSync(join(folder, 'root'), unpacked);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Starts nginx with a configuration and resolves once it has been read. Throws what nginx says of one that it does not take.
 * @param {string} config The file.
 * @returns {{ pid: number | undefined, stop: () => Promise<void> }}
 */
export function startNginx(config) {
  const program = findNginx();
  if (program === undefined) throw new Error('there is no nginx: `node scripts/nginx.mjs install` gets one for tests');
  const prefix = mkdtempSync(join(tmpdir(), 'perkbook-nginx-'));
  const checked = spawnSync(program, ['-t', '-q', '-p', prefix, '-c', config], { encoding: 'utf8' });
  if (checked.status !== 0) {
    rmSync(prefix, { recursive: true, force: true });
    throw new Error(`nginx does not take ${config}: ${checked.stderr}`);
  }
  const child = spawn(program, ['-p', prefix, '-c', config, '-g', 'daemon off;'], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const exited = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
  // It never outlives this process. SIGTERM, not SIGKILL, which would leave its workers behind.
  const end = () => {
    child.kill('SIGTERM');
    rmSync(prefix, { recursive: true, force: true });
  };
  process.once('exit', end);
  return {
    pid: child.pid,
    stop: async () => {
      process.removeListener('exit', end);
      child.kill('SIGTERM');
      await exited;
      rmSync(prefix, { recursive: true, force: true });
    },
  };
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 */
function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (error !== undefined) throw new Error(`\`${command}\` is needed to unpack nginx: ${error.message}`);
  if (status !== 0) throw new Error(`\`${command} ${args.join(' ')}\` failed with exit code ${status}`);
}

const USAGE = `usage: node scripts/nginx.mjs install
  gets nginx for tests, where there is none; prints where it is`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === 'install' && process.argv.length === 3) {
    try {
      install();
      console.log(findNginx());
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    }
  } else {
    console.error(USAGE);
    process.exitCode = 2;
  }
}
