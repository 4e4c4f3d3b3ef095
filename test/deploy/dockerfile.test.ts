import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect } from 'chai';
import { type Copy, DockerfileParser, type From, type JSONInstruction } from 'dockerfile-ast';
import { configFrom } from '../../src/config/config-from.ts';
import { request } from '../http/running.ts';
import { until } from '../support/expecting.ts';
import { ROOT, textOf } from './files.ts';
import { freePort } from './nginx-server.ts';

const file = DockerfileParser.parse(textOf('Dockerfile'));
const froms = file.getFROMs();
const lines = file.getInstructions();
/** Where the last stage begins: what is before it is not in the image. */
const lastStage = froms.at(-1)?.getRange()?.start.line ?? 0;
const last = lines.filter((each) => (each.getRange()?.start.line ?? 0) > lastStage);
const env: Readonly<Record<string, string>> = Object.fromEntries(
  file
    .getENVs()
    .flatMap((each) => each.getProperties())
    .map((property) => [property.getName(), property.getValue() ?? '']),
);

function inLast(keyword: string): string {
  return last.find((each) => each.getKeyword() === keyword)?.getArgumentsContent() ?? '';
}

/** The program and its arguments, of the form that needs no shell. */
function programOf(keyword: 'ENTRYPOINT' | 'CMD'): readonly string[] {
  const found = last.find((each) => each.getKeyword() === keyword) as JSONInstruction | undefined;
  return (found?.getJSONStrings() ?? []).map((each) => each.getJSONValue());
}

function healthCheck(): readonly string[] {
  const [, json = '[]'] = /CMD (\[.*\])\s*$/s.exec(inLast('HEALTHCHECK')) ?? [];
  return JSON.parse(json) as readonly string[];
}

interface Copied {
  readonly from: string | undefined;
  readonly sources: readonly string[];
  readonly to: string;
  readonly inLast: boolean;
}

const copies: readonly Copied[] = file.getCOPYs().map((copy: Copy) => {
  const words = copy.getArguments().map((each) => each.getValue());
  return {
    from:
      copy
        .getFlags()
        .find((flag) => flag.getName() === 'from')
        ?.getValue() ?? undefined,
    sources: words.slice(0, -1),
    to: words.at(-1) ?? '',
    inLast: last.includes(copy),
  };
});

describe('the Dockerfile', function () {
  this.timeout(180_000);

  it('begins with images of a known version, and ends with one that is small', () => {
    const images = froms.map((from: From) => `${from.getImageName()}:${from.getImageTag()}`);
    for (const image of images) expect(image).to.match(/^node:\d+-slim$/);
    expect(images).to.have.length(2);
    const [, least = ''] = /"node": ">=(\d+)/.exec(textOf('package.json')) ?? [];
    expect(Number(froms.at(-1)?.getImageTag()?.split('-')[0])).to.be.at.least(Number(least));
  });

  it('runs as a user who is not root, without a shell, and says whether it is healthy', () => {
    expect(inLast('USER')).to.equal('node');
    const order = last.map((each) => each.getKeyword());
    expect(order.indexOf('USER')).to.be.greaterThan(order.lastIndexOf('COPY'));
    expect(programOf('ENTRYPOINT')).to.deep.equal(['node', 'dist/src/cli/main.js']);
    expect(programOf('CMD')).to.deep.equal(['serve']);
    expect(healthCheck()).to.have.length(3);
    expect(inLast('EXPOSE')).to.equal(env.PORT);
  });

  it('sets only what the server knows', () => {
    const { NODE_ENV, ...settings } = env;
    expect(NODE_ENV).to.equal('production');
    expect(configFrom(settings)).to.include({ host: '0.0.0.0', port: 8080, data: '/data' });
    const known = ['HOST', 'PORT'];
    for (const name of Object.keys(settings))
      expect(known.includes(name) || name.startsWith('PERKBOOK_')).to.equal(true);
  });

  it('copies what is there, and what `.dockerignore` lets through', () => {
    const sent = textOf('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const needed = copies.filter(({ from }) => from === undefined).flatMap(({ sources }) => sources);
    for (const source of needed) expect(existsSync(join(ROOT, source)), source).to.equal(true);
    expect(new Set(sent)).to.deep.equal(new Set(needed));
  });

  it('has all that the server needs, and nothing of what only makes it: its steps, done by hand, give one that answers', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'perkbook-image-'));
    const stage = { build: join(folder, 'build/app'), last: join(folder, 'last/app') };
    const data = join(folder, 'data');
    try {
      copyInto(
        stage.build,
        copies.filter((each) => !each.inLast),
        folder,
      );
      symlinkSync(join(ROOT, 'node_modules'), join(stage.build, 'node_modules'));
      const [, script = ''] = /RUN npm run (\w+) &&/.exec(textOf('Dockerfile')) ?? [];
      execFileSync('npm', ['run', '--silent', script], { cwd: stage.build, stdio: ['ignore', 'ignore', 'inherit'] });
      rmSync(join(stage.build, 'node_modules'));
      copyProductionPackages(stage.build);
      mkdirSync(join(folder, 'build/data'), { recursive: true });
      copyInto(
        stage.last,
        copies.filter((each) => each.inLast),
        folder,
      );
      expect(existsSync(join(stage.last, 'node_modules/typescript'))).to.equal(false);

      const before = readdirSync(stage.last, { recursive: true }).length;
      const port = String(await freePort());
      const inData = Object.entries(env).map(([name, value]) => [name, value.replace(/^\/data\b/, data)]);
      const settings: Readonly<Record<string, string>> = {
        PATH: process.env.PATH ?? '',
        ...Object.fromEntries(inData),
        PERKBOOK_DECISION_LOG: 'file',
        PORT: port,
      };
      const [, entry = ''] = programOf('ENTRYPOINT');
      const perkbook = (...words: string[]) =>
        spawnSync(process.execPath, [entry, ...words], { cwd: stage.last, env: settings, encoding: 'utf8' });
      // As in a container, everybody could ask: so it does not start before there is a key.
      const refused = perkbook(...programOf('CMD'));
      expect([refused.status, refused.stderr]).to.satisfy(
        ([status, said]: [number, string]) => status === 1 && said.includes('perkbook keys create'),
        refused.stderr,
      );
      const scopes = ['decide', 'rules:publish'].flatMap((scope) => ['--scope', scope]);
      const made = perkbook('keys', 'create', 'test', ...scopes, '--json');
      expect(made.status, made.stderr).to.equal(0);
      const server = spawn(process.execPath, [entry, ...programOf('CMD')], {
        cwd: stage.last,
        env: settings,
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      try {
        const url = `http://127.0.0.1:${port}`;
        const isReady = () =>
          request(`${url}/readyz`, 'GET').then(
            ({ status }) => status === 200,
            () => false,
          );
        await until(isReady, 20_000);
        expect(isHealthy(settings)).to.equal(true);
        const question = { user: 'sam', action: 'generation.turbo' };
        expect((await request(`${url}/v1/decisions`, 'POST', question)).status).to.equal(401);
        const { key } = JSON.parse(made.stdout) as { readonly key: string };
        const asked = await request(`${url}/v1/decisions`, 'POST', question, { Authorization: `Bearer ${key}` });
        expect(asked.json).to.include({ decision: 'deny' });
        await until(() => readdirSync(join(data, 'logs')).length > 0);
        // What the example promises binds what is published on top of it.
        const first = readFileSync(join(stage.last, 'rules/pixai-membership/v1.yaml'), 'utf8');
        const next = first
          .replace('version: 1', 'version: 2')
          .replace('from: 2026-01-01', `from: ${new Date().getUTCFullYear() + 1}-01-01`);
        const versions = `${url}/v1/rule-sets/pixai-membership/versions?note=x&dryRun=true`;
        const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/yaml', 'If-Match': '"1"' };
        const dry = await request(versions, 'POST', next, headers);
        expect(dry.json.scenarios?.replayed, dry.text).to.be.greaterThan(0);
        // The rest of the image may be read-only.
        expect(readdirSync(stage.last, { recursive: true }).length).to.equal(before);
      } finally {
        const exited = once(server, 'exit');
        server.kill('SIGTERM');
        expect(await exited).to.deep.equal([0, null]);
      }
      expect(isHealthy(settings)).to.equal(false);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

function isHealthy(settings: Readonly<Record<string, string>>): boolean {
  const [, ...words] = healthCheck();
  return spawnSync(process.execPath, words, { env: settings }).status === 0;
}

function copyInto(app: string, some: readonly Copied[], folder: string): void {
  for (const { from, sources, to } of some) {
    for (const source of sources) {
      // `/app/dist/src` of a stage, or a file of the checkout.
      const origin = from === undefined ? join(ROOT, source) : join(folder, from, source);
      const target = to.startsWith('/') ? join(dirname(app), to) : to === './' ? join(app, source) : join(app, to);
      mkdirSync(dirname(target), { recursive: true });
      cpSync(origin, target, { recursive: true, filter: (each) => relative(ROOT, each) !== 'src/generated' });
    }
  }
}

/** What `npm ci` and `npm prune --omit=dev` leave: copies, because a link would lead back to all that is here. */
function copyProductionPackages(app: string): void {
  const listed = execFileSync('npm', ['ls', '--omit=dev', '--all', '--parseable', '--silent'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const packages = listed
    .split('\n')
    .map((path) => relative(ROOT, path))
    .filter((path) => path.startsWith('node_modules/'));
  expect(packages.length).to.be.greaterThan(30);
  for (const path of packages) cpSync(join(ROOT, path), join(app, path), { recursive: true });
}
