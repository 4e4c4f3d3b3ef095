import { exec, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { configFrom } from '../src/config/config-from.ts';
import { loadSamples } from '../src/samples.ts';
import { startServer } from '../src/wiring/start-server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');

interface Block {
  readonly language: string;
  readonly text: string;
}

const blocks: readonly Block[] = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
  ([, language = '', text = '']) => ({
    language,
    text,
  }),
);

function blockWith(language: string, part: string): string {
  const block = blocks.find((each) => each.language === language && each.text.includes(part));
  if (block === undefined) throw new Error(`README has no ${language} block with ${part}`);
  return block.text;
}

describe('README', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'perkbook-readme-'));
    for (const name of ['rules', 'fixtures', 'schemas'])
      cpSync(join(root, name), join(folder, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('names only scripts that are there, and nothing but Node is needed to start and to test', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const [, name = ''] of readme.matchAll(/npm (?:run )?(start|test|mongo|bench)\b/g))
      expect(scripts).to.have.property(name);
    expect(blockWith('sh', 'npm start')).to.equal('npm start\n');
    expect(blockWith('sh', 'npm test')).to.equal('npm test\n');
  });

  it('links to files that are there', () => {
    for (const [, target = ''] of readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      expect(() => readFileSync(join(root, target)), target).to.not.throw(/ENOENT/);
    }
  });

  it('shows the answer that its question gets', async () => {
    const config = configFrom({ PORT: '0', PERKBOOK_RULES: join(root, 'rules'), PERKBOOK_DATA: join(folder, 'data') });
    const server = await startServer(config);
    try {
      await loadSamples(server.store, config.data, Date.now());
      const command = blockWith('sh', 'curl -s').replaceAll('http://127.0.0.1:8080', server.address);
      const answer = JSON.parse(await output(command));
      const shown = JSON.parse(blockWith('json', '"decision"'));
      expect(Object.keys(answer)).to.deep.equal(Object.keys(shown));
      const same = ({ decision, user, tier, reason, values, unlockedBy, degraded }: Record<string, unknown>) => ({
        decision,
        user,
        tier,
        reason,
        values,
        unlockedBy,
        degraded,
      });
      expect(same(answer)).to.deep.equal(same(shown));
    } finally {
      await server.close();
    }
  });

  it('changes a perk by the commands that it gives, in their order', function () {
    this.timeout(60_000);
    const run = (commands: string) =>
      commands
        .trim()
        .split('\n')
        .map((command) => {
          const args = command.replace(/^npx perkbook /, '').split(' ');
          return execFileSync(process.execPath, [join(root, 'dist/src/cli/main.js'), ...args], {
            cwd: folder,
            encoding: 'utf8',
          });
        });
    const original = readFileSync(join(folder, 'rules/pixai-membership/v1.yaml'), 'utf8').split('\n');
    const said = run(blockWith('sh', 'perkbook new-version'));
    expect(said.at(-1)).to.include('Free LoRA training, Starter: 3 → 4 a month');
    const [removed, added] = blockWith('diff', 'starter')
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(1));
    const changed = readFileSync(join(folder, 'rules/pixai-membership/v2.yaml'), 'utf8').split('\n');
    expect(original).to.include(removed);
    expect(changed).to.include(added);
    expect(changed.filter((line) => !original.includes(line))).to.have.lengthOf.at.most(4);
    writeFileSync(
      join(folder, 'fixtures/pixai-membership/four-trainings.yaml'),
      blockWith('yaml', 'Four free trainings'),
    );
    const [tested, table] = run(blockWith('sh', 'perkbook test'));
    expect(tested).to.include('From 2030 on, Starter trains four LoRAs a month').and.to.include('0 failed');
    expect(table).to.include('4 a month');
  });
});

/** What a shell command prints, without keeping this process from answering it. */
function output(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    exec(command, (error, stdout) => (error === null ? resolve(stdout) : reject(error)));
  });
}
