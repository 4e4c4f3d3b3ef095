// The browser in which the page of the description is tested: `CHROMIUM`, or the one on the PATH. `install` gets it where there is
// Debian's package manager and the right to use it. Never downloaded from anywhere else.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * Where the browser is; `undefined` where there is none.
 * @returns {string | undefined}
 */
export function findChromium() {
  const given = process.env.CHROMIUM;
  if (given) return given;
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
}

/** Throws where it cannot be installed. */
export function install() {
  if (findChromium() !== undefined) return;
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, error } = spawnSync(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  if (error !== undefined) throw new Error(`\`${command}\` is needed to install chromium: ${error.message}`);
  if (status !== 0) throw new Error(`\`${command} ${args.join(' ')}\` failed with exit code ${status}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    if (process.argv[2] === 'install') install();
    const found = findChromium();
    console.log(found ?? 'no chromium is here: `node scripts/chromium.mjs install` gets one');
    if (found === undefined) process.exitCode = 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
