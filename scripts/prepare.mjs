// The set-up of `npm start` and `npm test`: installs the dependencies and builds, each only where something is missing or older
// than what it is made from. Needs nothing but Node, and takes a few milliseconds when there is nothing to do.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => join(root, ...parts);
const LEAST_NODE = [20, 19];
/** Written after a build, with the time at which the build began. */
const STAMP = at('dist', '.built');

/** Makes the checkout ready to run. Ends the process with code 1 where that is not possible. */
export function prepare() {
  checkNode();
  if (isNewer(at('package-lock.json'), at('node_modules', '.package-lock.json'))) install();
  if (isBuildStale()) build();
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  fail(`Perkbook needs Node ${LEAST_NODE.join('.')} or newer; this is ${process.version}`);
}

function install() {
  say('installing dependencies');
  if (npm('ci').status === 0) return;
  // Where a registry does not serve the packages of other platforms, the lock file cannot name them, and `npm ci` refuses
  // it. `npm install` takes the same versions from it, checks the same digests and does not touch it.
  const { status, stderr, error } = npm('install', '--no-save');
  if (status === 0) return;
  process.stderr.write(stderr ?? '');
  fail(`npm could not install the dependencies${error === undefined ? '' : `: ${error.message}`}`);
}

function npm(...parameters) {
  // Also the compiler, whatever NODE_ENV says. On Windows npm is a script that only a shell can run.
  return spawnSync('npm', [...parameters, '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: process.platform === 'win32',
  });
}

function build() {
  say('building');
  // Made first, so that the time of src is older than the build.
  mkdirSync(at('src', 'generated'), { recursive: true });
  const began = new Date();
  run(process.execPath, [at('scripts', 'generate-types.mjs')]);
  run(process.execPath, [at('node_modules', 'typescript', 'bin', 'tsc'), '-p', '.']);
  run(process.execPath, [at('scripts', 'copy-swagger-ui.mjs')]);
  run(process.execPath, [at('scripts', 'pack-server.mjs')]);
  for (const folder of ['src', 'test']) removeOrphans(at('dist', folder), at(folder));
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, '');
  utimesSync(STAMP, began, began);
}

function isBuildStale() {
  const built = timeOf(STAMP);
  if (built === 0) return true;
  return (
    [
      'package-lock.json',
      'tsconfig.json',
      join('scripts', 'generate-types.mjs'),
      join('scripts', 'copy-swagger-ui.mjs'),
      join('scripts', 'pack-server.mjs'),
    ].some((file) => timeOf(at(file)) > built) ||
    ['src', 'test', 'schemas'].some((folder) => isFolderNewer(at(folder), built))
  );
}

/** Whether anything in the folder was written, added or removed since. The generated types follow from the schemas. */
function isFolderNewer(folder, time) {
  if (timeOf(folder) > time) return true;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (path !== at('src', 'generated') && isFolderNewer(path, time)) return true;
    } else if (timeOf(path) > time) {
      return true;
    }
  }
  return false;
}

/** What was compiled from a file that is gone would still run as a test. */
function removeOrphans(compiled, sources) {
  if (!existsSync(compiled)) return;
  for (const entry of readdirSync(compiled, { withFileTypes: true })) {
    const path = join(compiled, entry.name);
    if (entry.isDirectory()) {
      if (existsSync(join(sources, entry.name))) removeOrphans(path, join(sources, entry.name));
      else rmSync(path, { recursive: true });
    } else if (!existsSync(join(sources, entry.name.replace(/(\.d\.ts|\.js(\.map)?)$/, '.ts')))) {
      rmSync(path);
    }
  }
}

function isNewer(file, than) {
  return timeOf(file) > timeOf(than);
}

/** 0 for what is not there. */
function timeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function run(command, parameters) {
  // What the tools print is progress, not output: stdout stays for what was asked for.
  const { status, error } = spawnSync(command, parameters, { cwd: root, stdio: ['ignore', 2, 2] });
  if (error !== undefined) fail(`cannot run ${command}: ${error.message}`);
  if (status !== 0) fail('that did not work; see the messages above');
}

function say(what) {
  process.stderr.write(`perkbook: ${what} …\n`);
}

function fail(message) {
  process.stderr.write(`perkbook: ${message}\n`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) prepare();
