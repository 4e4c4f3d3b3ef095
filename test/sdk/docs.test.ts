import { exec, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { loadSamples, sampleCommands } from '../../src/samples.ts';
import { perkbook, ROOT } from '../cli/run.ts';
import { type Running, run } from '../http/running.ts';

const [START = '', ...SNIPPETS] = [
  ...readFileSync(join(ROOT, 'docs/client.md'), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm),
].map(([, code = '']) => code);
/** What every other snippet goes on from. */
const SET_UP = START.slice(0, START.indexOf('const decision'));

describe('the snippets of the guide to the client', () => {
  let folder: string;
  let server: Running;

  before(async () => {
    server = await run({ testClock: undefined });
    folder = mkdtempSync(join(tmpdir(), 'perkbook-client-'));
    await loadSamples(server.store, folder, Date.now());
    // Whoever reads this page has started the server, and pasted what it prints.
    for (const command of sampleCommands(server.address, { asksForKey: false }).split('\n')) {
      if (command.startsWith('curl')) await promisify(exec)(command);
    }
    expect((await server.get('/v1/members/sam-starter')).json.usage.free_lora_training).to.have.lengthOf(2);
    mkdirSync(join(folder, 'node_modules'));
    for (const name of ['express', 'fastify', '@types']) {
      symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
    }
    symlinkSync(ROOT, join(folder, 'node_modules/perkbook'));
    writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
    await perkbook(['types', '--out', join(folder, 'perkbook-rules.ts')]);
    const imported = (code: string) => (code.includes('import { Perkbook }') ? code : SET_UP + code);
    for (const [i, code] of [START, ...SNIPPETS].entries())
      writeFileSync(
        join(folder, `snippet-${i}.ts`),
        imported(code).replaceAll('http://127.0.0.1:8080', server.address),
      );
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('compile', () => {
    const files = readdirSync(folder).filter((file) => file.startsWith('snippet-'));
    expect(files).to.have.lengthOf(12);
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const options = ['--strict', '--target', 'es2022', '--module', 'nodenext', '--skipLibCheck', '--types', 'node'];
    const { stdout, status }: SpawnSyncReturns<string> = spawnSync(process.execPath, [tsc, ...options, ...files], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stdout).to.equal('');
    expect(status).to.equal(0);
  });

  for (const [i, code] of [START, ...SNIPPETS].entries()) {
    const printed = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
    it(`print what they say: ${printed.join(' / ') || code.trim().split('\n').at(0)}`, async () => {
      const child = spawn(process.execPath, [`snippet-${i}.js`], { cwd: folder });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          output += chunk.toString();
        });
      }
      const status = await new Promise((resolve) => child.once('close', resolve));
      expect(output).to.equal(printed.map((line) => `${line}\n`).join(''));
      expect(status).to.equal(0);
    });
  }
});
