import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { OPEN, UNNAMED } from '../../src/main.ts';
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

  for (const workers of [[], ['--workers', '2']]) {
    it(['names the page where it can be tried', ...workers].join(' '), async () => {
      const data = mkdtempSync(join(tmpdir(), 'perkbook-start-'));
      let said = '';
      await perkbook(['serve', ...workers], {
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
  }

  const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
  for (const HOST of ['0.0.0.0', ...(hasIpv6 ? ['::'] : [])]) {
    it(`names an address that can be opened on ${HOST}, and what AuthZEN’s metadata lacks`, async () => {
      const PERKBOOK_DATA = mkdtempSync(join(tmpdir(), 'perkbook-start-'));
      const lines = async (workers: readonly string[], env: Readonly<Record<string, string>>) => {
        let said = '';
        let opened: number | undefined;
        await perkbook(['serve', ...workers], {
          env: { PORT: '0', HOST, PERKBOOK_DATA, ...env },
          onSpawn: (child) =>
            child.stdout?.on('data', async (chunk: Buffer) => {
              said += chunk;
              const [, address] = /^Perkbook answers on (\S+) /.exec(said) ?? [];
              opened ??= address === undefined ? undefined : (await fetch(`${address}/healthz`)).status;
              setTimeout(() => child.kill('SIGTERM'), 100);
            }),
        });
        expect(opened).to.equal(200);
        return said.trimEnd().split('\n');
      };
      try {
        await perkbook(['keys', 'create', 'first', '--scope', 'admin'], { env: { PERKBOOK_DATA } });
        for (const workers of [[], ['--workers', '2']]) {
          const said = await lines(workers, {});
          expect(said[0]).to.match(/^Perkbook answers on http:\/\/(?:127\.0\.0\.1|\[::1\]):\d+ /);
          expect(said.slice(2)).to.deep.equal([UNNAMED]);
        }
        const named = await lines([], { PERKBOOK_PUBLIC_URL: 'https://perks.example' });
        expect(named).to.have.length(2);
      } finally {
        rmSync(PERKBOOK_DATA, { recursive: true, force: true });
      }
    }).timeout(40_000);
  }

  it('sends a key with the first requests where one is asked for', () => {
    const url = 'http://127.0.0.1:8080';
    const header = '-H "Authorization: Bearer $PERKBOOK_API_KEY"';
    expect(sampleCommands(url, { asksForKey: false })).not.to.include('Authorization');
    const lines = sampleCommands(url, { asksForKey: true }).split('\n');
    expect(lines.filter((line) => line.startsWith('curl ')).every((line) => line.includes(header))).to.equal(true);
  });
});
