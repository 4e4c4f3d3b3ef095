import { exec } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { configFrom } from '../src/config/config-from.ts';
import { loadSamples } from '../src/samples.ts';
import { type Started, startServer } from '../src/wiring/start-server.ts';
import { request } from './http/running.ts';
import { until } from './support/expecting.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PAGES = [
  'client',
  'authzen',
  'command-line',
  'configuration',
  'decision-log',
  'impact',
  'importing',
  'members',
  'openfeature',
  'operation',
  'publishing',
  'stores',
  'rule-files',
  'scenarios',
  'openapi',
];

interface Command {
  /** The command on one line, however it is broken there. */
  readonly line: string;
  /** What the page says that is answered: the status, and some of the answer. */
  readonly answer: { readonly status: string; readonly text: string } | undefined;
}

const ANSWER = /^# → (\d{3}) ?(.*)$/;

/** The commands of a page, in their order. */
function commandsOf(page: string): readonly Command[] {
  const text = readFileSync(join(root, 'docs', `${page}.md`), 'utf8');
  const lines = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block
      .replaceAll(/ *\\\n\s*/g, ' ')
      .trim()
      .split('\n'),
  );
  return lines.flatMap((line, index) => {
    if (!/^(?:npx perkbook|curl)\b/.test(line)) return [];
    const [, status, said = ''] = ANSWER.exec(lines[index + 1] ?? '') ?? [];
    return [{ line, answer: status === undefined ? undefined : { status, text: said } }];
  });
}

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(command: string, cwd: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  return new Promise((resolve) => {
    exec(command, { cwd, env: { ...process.env, ...env }, timeout: 30_000 }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err });
    });
  });
}

/** Right, where the newest version is not published, and where the store of a running server is to be replaced. */
const REFUSED_HERE = /version 3 of `pixai-membership` is not published yet|the folder `data` is in use by process/;

describe('the commands in docs', () => {
  let folder: string;
  let server: Started;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'perkbook-docs-'));
    for (const name of ['rules', 'fixtures', 'schemas'])
      cpSync(join(root, name), join(folder, name), { recursive: true });
    const first = readFileSync(join(root, 'rules/pixai-membership/v1.yaml'), 'utf8');
    const version = (number: number, from: string) =>
      first
        .replace('version: 1', `version: ${number}`)
        .replace('2026-01-01T00:00:00Z', from)
        .replace('starter: 3,', `starter: ${number + 2},`);
    for (const name of ['draft.yaml', 'next.yaml', 'v2.yaml'])
      writeFileSync(join(folder, name), version(2, '2099-01-01T00:00:00Z'));
    writeFileSync(
      join(folder, 'promises.yaml'),
      'ruleSet: pixai-membership\ntitle: Later\nscenarios:\n  - name: Four\n    proves: [R6]\n    members: {anna: starter from 2099-01-05 until 2099-02-05}\n    timeline:\n      - {at: 2099-01-06, consume: lora.train_free, times: 4}\n',
    );
    const config = configFrom({
      PORT: '0',
      PERKBOOK_RULES: join(folder, 'rules'),
      PERKBOOK_DATA: join(folder, 'data'),
    });
    const decisionLog = { ...config.decisionLog, sink: 'file', folder: join(folder, 'logs') } as const;
    server = await startServer({ ...config, decisionLog, fixtures: undefined }, () => {});
    await loadSamples(server.store, config.data, Date.now());
    // So that there is a log to read.
    await request(`${server.address}/v1/decisions`, 'POST', { user: 'sam-starter', action: 'generation.turbo' });
    await until(() => existsSync(decisionLog.folder) && readdirSync(decisionLog.folder).length > 0);
    writeFileSync(join(folder, 'rules/pixai-membership/v2.yaml'), version(2, '2098-01-01T00:00:00Z'));
    writeFileSync(join(folder, 'rules/pixai-membership/v3.yaml'), version(3, '2099-01-01T00:00:00Z'));
  });

  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const page of PAGES) {
    for (const { line: command, answer } of commandsOf(page)) {
      it(`${page}: ${command.slice(0, 90)}`, async () => {
        const { code, out, err } = await run(
          command
            .replaceAll('npx perkbook', `'${process.execPath}' '${join(root, 'dist/src/cli/main.js')}'`)
            .replaceAll('http://127.0.0.1:8080', server.address)
            .replace('curl -sN', 'curl -sN --max-time 5')
            .replace(/^curl/, answer === undefined ? 'curl' : "curl -w '%{http_code}'"),
          folder,
          { BASE: `${server.address}/v1/rule-sets/pixai-membership`, NO_COLOR: '1' },
        );
        // 1 is a finding about the rules here, which the page cannot know; wrong use and what could not be done are not.
        if (!REFUSED_HERE.test(err)) expect(code, err).to.be.oneOf(command.startsWith('curl') ? [0] : [0, 1]);
        expect(err).to.not.match(/unknown (?:option|command)|wrong use/);
        if (answer !== undefined) {
          expect(out.slice(-3), out).to.equal(answer.status);
          expect(out).to.include(answer.text);
        }
        // What is not understood, or not there, is a fault of the page; a conflict with what is published here is not.
        expect(out).to.not.match(/^\{"type":"urn:perkbook:problem[^}]*"status":4(?:00|04|05|06|15)/m);
      });
    }
  }

  it('are found on every page that has some', () => {
    expect(commandsOf('command-line').length).to.be.greaterThan(30);
    expect(commandsOf('publishing').length).to.be.greaterThan(8);
    expect(commandsOf('impact').length).to.be.greaterThan(4);
    expect(commandsOf('members').filter(({ answer }) => answer !== undefined).length).to.be.greaterThan(14);
  });
});
