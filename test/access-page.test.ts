import { execFile } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { SCOPES } from '../src/domain/caller.ts';
import { PROGRAM, ROOT, temporaryFolder } from './cli/run.ts';
import { run } from './http/running.ts';

const PAGE = readFileSync(join(ROOT, 'docs/access.md'), 'utf8');

/** What the page has to be typed, as one script: what is made above is used below. */
const SCRIPT = [...PAGE.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block).join('\n');

describe('docs/access.md', () => {
  const folder = temporaryFolder();

  it('can be typed from top to bottom beside a server that runs', async () => {
    cpSync(join(ROOT, 'rules'), join(folder, 'rules'), { recursive: true });
    const server = await run({ data: join(folder, 'data') }, () => {});
    try {
      const script = SCRIPT.replaceAll('npx perkbook', `'${process.execPath}' '${PROGRAM}'`)
        .replaceAll('http://127.0.0.1:8080', server.address)
        .replaceAll('curl -s ', 'curl -s --fail-with-body ');
      const { code, out, err } = await new Promise<{ code: number; out: string; err: string }>((resolve) => {
        const { PATH = '' } = process.env;
        execFile('bash', ['-euc', script], { cwd: folder, env: { PATH } }, (error, out, err) =>
          resolve({ code: error === null ? 0 : 1, out, err }),
        );
      });
      expect(code, err + out).to.equal(0);
      expect(out).to.match(/"decision":"deny".*"user":"sam-starter"/);
      expect(out).to.match(/pk_\w{10} is revoked/);
      expect(out).to.match(/"key":"pk_\w{60}"/);
      expect(out).to.include('"state":"revoked"').and.include('"name":"billing"');
      expect(server.isOpen()).to.equal(false);
    } finally {
      await server.close();
    }
  }).timeout(30_000);

  it('names what is for everybody, and nothing else', async () => {
    const server = await run({}, () => {});
    try {
      const { paths } = (await server.get('/openapi.json')).json as {
        readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>;
      };
      const open = Object.entries(paths)
        .filter(([, operations]) => Object.values(operations).some(({ responses }) => !('401' in responses)))
        .map(([path]) => path);
      const [, says = ''] = /\n\n([^\n]*(?:\n[^\n]+)*) are for everybody\.\n/.exec(PAGE) ?? [];
      const named = [...says.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
      expect(named).to.have.members(open);
    } finally {
      await server.close();
    }
  });

  it('has every scope in its table', () => {
    const [, table = ''] = PAGE.split('## Scopes');
    const named = [...(table.split('## ')[0] ?? '').matchAll(/^\|[^|]*\|/gm)].flatMap(([cell]) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, scope = '']) => scope),
    );
    expect(named).to.deep.equal([...SCOPES]);
  });
});
