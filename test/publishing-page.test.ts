import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT, temporaryFolder } from './cli/run.ts';
import { type Running, run } from './http/running.ts';

const PAGE = readFileSync(join(ROOT, 'docs/publishing.md'), 'utf8');
const BLOCK = /^( *)```(\w+)\n([\s\S]*?)^ *```$/gm;

/** The blocks of a section in one language, without the indentation of a list. */
function blocks(section: string, language: string): readonly string[] {
  const [, text = ''] = PAGE.split(`## ${section}\n`);
  return [...(text.split('\n## ')[0] ?? '').matchAll(BLOCK)]
    .filter(([, , other]) => other === language)
    .map(([, indent = '', , block = '']) => block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
}

interface Refused {
  readonly accept: string;
  readonly scenarios: readonly { readonly name: string; readonly failures: readonly string[] }[];
}

describe('docs/publishing.md', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  const next = join(folder, 'next.yaml');
  let server: Running;

  before(async () => {
    cpSync(join(ROOT, 'rules'), join(folder, 'rules'), { recursive: true });
    // As in a checkout: the promises of this project bind what is published.
    server = await run({ rules: join(folder, 'rules'), fixtures: join(ROOT, 'fixtures') }, () => {});
  });
  after(() => server.close());

  /** Types the commands of a block, and gives what each answers, as JSON where it is. */
  async function typed(block = ''): Promise<readonly unknown[]> {
    const commands = block.replaceAll(/ *\\\n\s*/g, ' ').split('\n');
    const answers: unknown[] = [];
    for (const command of commands.filter((each) => each.startsWith('curl '))) {
      const answer = await new Promise<string>((resolve, reject) => {
        const env = { PATH: process.env.PATH ?? '', BASE: `${server.address}/v1/rule-sets/pixai-membership` };
        execFile('bash', ['-c', command], { cwd: folder, env }, (error, out) =>
          error === null ? resolve(out) : reject(error),
        );
      });
      answers.push(answer.startsWith('{') ? JSON.parse(answer) : answer);
    }
    return answers;
  }

  function edit(from: string, to: string): void {
    const parts = readFileSync(next, 'utf8').split(`${from}\n`);
    expect(parts, from).to.have.length(2);
    writeFileSync(next, parts.join(`${to}\n`));
  }

  it('changes a number by the steps that it gives, in their order', async () => {
    const [fetched, asked, published] = blocks('Change a number', 'sh');
    await typed(fetched);
    const [diff = ''] = blocks('Change a number', 'diff');
    for (const [, from = '', to = ''] of diff.matchAll(/^-(.*)\n\+(.*)\n/gm)) edit(from, to);
    const [findings, dry] = await typed(asked);
    expect(findings).to.deep.equal({ ok: true, findings: [] });
    expect(dry).to.include({ version: 2, dryRun: true });
    const [made, changes, versions] = await typed(published);
    expect(made).to.include({ version: 2, from: '2030-01-01T00:00:00.000Z' });
    expect(changes).to.include('Free LoRA training, Starter: 3 → 4 a month');
    expect(versions).to.have.property('versions').with.length(2);
  });

  it('takes it back, and has nothing to go back to then', async () => {
    const [taken, back] = blocks('Schedule, withdraw, go back', 'sh');
    expect(await typed(taken)).to.deep.equal(['']);
    expect((await typed(back))[0]).to.include({ status: 409, code: 'nothing_changes' });
  });

  it('shows the refusal of what breaks a promise, and the ways on', async () => {
    const section = 'Promises travel with numbers';
    edit('  from: 2030-01-01T00:00:00Z', '  from: 2027-06-01T00:00:00Z');
    const [, asked = ''] = blocks('Change a number', 'sh');
    const refused = (await typed(asked))[1] as Refused;
    const { scenarios, ...shown } = JSON.parse(blocks(section, 'json')[0] ?? '') as Refused;
    expect(refused).to.deep.include(shown);
    expect(refused.scenarios.map(({ name }) => name)).to.deep.equal(scenarios.map(({ name }) => name));
    expect(refused.scenarios[0]?.failures).to.include(scenarios[0]?.failures[0]);
    const [, accepted] = await typed(asked.replace('dryRun=true', `dryRun=true&${shown.accept}`));
    expect(accepted).to.include({ version: 2, dryRun: true });
    writeFileSync(join(folder, 'promises.yaml'), blocks(section, 'yaml')[0] ?? '');
    const [made] = await typed(blocks(section, 'sh')[0]);
    expect(made).to.include({ version: 2 }).and.have.property('scenarios').that.deep.includes({ broken: [] });
  });

  it('saves a draft, and publishes it', async () => {
    edit('version: 2', 'version: 3');
    const [saved, made] = await typed(blocks('Drafts', 'sh')[0]);
    expect(saved).to.deep.include({ author: 'anna', base: 2, findings: [] });
    expect(made).to.deep.include({ version: 3, changes: [] });
  });
});
