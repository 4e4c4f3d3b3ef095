import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { OPEN } from '../../src/main.ts';
import { sampleCommands } from '../../src/samples.ts';
import { perkbook, ROOT, temporaryFolder } from './run.ts';

describe('perkbook serve for the first time', () => {
  const folder = temporaryFolder();

  it('says where rules are to be had, in a folder that has none', async () => {
    // As it is installed: below the folder of somebody's project.
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(ROOT, join(folder, 'node_modules', 'perkbook'));
    const { code, err, out } = await perkbook(['serve'], { cwd: folder, env: { PORT: '0' } });
    expect({ code, out }).to.deep.equal({ code: 1, out: '' });
    expect(err).to.match(
      /^there are no rules in `rules`; a rule set is a file such as rules\/my-rules\/v1\.yaml; the package brings an example: PERKBOOK_RULES=\S+rules\n$/,
    );
    mkdirSync(join(folder, 'rules'));
    expect((await perkbook(['serve'], { cwd: folder, env: { PORT: '0' } })).err).to.equal(err);
  }).timeout(20_000);

  it('names the page where it can be tried', async () => {
    const data = mkdtempSync(join(tmpdir(), 'perkbook-start-'));
    let said = '';
    await perkbook(['serve'], {
      env: { PORT: '0', PERKBOOK_DATA: data },
      onSpawn: (child) =>
        child.stdout?.on('data', (chunk: Buffer) => {
          said += chunk;
          if (said.includes('\n')) setTimeout(() => child.kill('SIGTERM'), 300);
        }),
    });
    rmSync(data, { recursive: true, force: true });
    const [, address] = /^Perkbook answers on (\S+) /.exec(said) ?? [];
    expect(said.split('\n').slice(1)).to.deep.equal([`Its API, to read and to try: ${address}/docs`, OPEN, '']);
  }).timeout(20_000);

  it('sends a key with the first requests where one is asked for', () => {
    const url = 'http://127.0.0.1:8080';
    const header = '-H "Authorization: Bearer $PERKBOOK_API_KEY"';
    expect(sampleCommands(url, { asksForKey: false })).not.to.include('Authorization');
    const lines = sampleCommands(url, { asksForKey: true }).split('\n');
    expect(lines.filter((line) => line.startsWith('curl ')).every((line) => line.includes(header))).to.equal(true);
  });
});
