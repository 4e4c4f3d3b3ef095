import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { perkbookHere, temporaryFolder } from './run.ts';

const folder = temporaryFolder();
const env = { PERKBOOK_DATA: join(folder, 'data') };

const TERM = { channel: 'web', startsAt: '2026-11-01T00:00:00Z', endsAt: '2026-12-01T00:00:00Z' };

function lineOf(id: string, tier: string): string {
  return `${JSON.stringify({ id, terms: [{ ...TERM, tier }] })}\n`;
}

/** Every third line has a tier that no rule set has, and the last but one is no JSON: that is found out at another time. */
function manyBad(name: string, count: number): { readonly file: string; readonly bad: readonly number[] } {
  const isBad = (number: number) => number % 3 === 0 || number === count - 1;
  const lines = Array.from({ length: count }, (_, n) => {
    if (n + 1 === count - 1) return 'nonsense\n';
    return lineOf(`u-${n + 1}`, isBad(n + 1) ? 'statrer' : 'starter');
  });
  const file = join(folder, name);
  writeFileSync(file, lines.join(''));
  return { file, bad: lines.map((_, n) => n + 1).filter(isBad) };
}

const told = (err: string) => [...err.matchAll(/\.jsonl:(\d+):/g)].map(([, number]) => Number(number));

describe('perkbook import --check', () => {
  it('looks at every line, names the bad ones in their order, and makes no store', async () => {
    const { file, bad } = manyBad('check.jsonl', 20);
    const { code, out, err } = await perkbookHere(['import', file, '--check'], { env });
    expect(told(err)).to.deep.equal(bad);
    expect(err).to.include('check.jsonl:3: /terms/0/tier: `statrer` is no tier');
    expect(out).to.match(/^13 members of `.*` can be imported; 7 lines rejected \(/);
    expect(code).to.equal(1);
    expect(existsSync(env.PERKBOOK_DATA)).to.equal(false);
  });

  it('names twenty of them, and counts the others', async () => {
    const { file, bad } = manyBad('many.jsonl', 100);
    const { out, err } = await perkbookHere(['import', file, '--check'], { env });
    expect(told(err)).to.deep.equal(bad.slice(0, 20));
    expect(err).to.include(`\n… and ${bad.length - 20} more\n`);
    expect(out).to.include(`; ${bad.length} lines rejected`);
  });

  it('writes nothing beside the file, so that the import itself can follow', async () => {
    const { file, bad } = manyBad('dry.jsonl', 20);
    const before = readdirSync(folder);
    const rejects = join(folder, 'elsewhere.rejects');
    for (const more of [[], ['--rejects', rejects]]) {
      const checked = await perkbookHere(['import', file, '--check', '--on-error', 'skip', ...more], { env });
      expect(checked.code).to.equal(1);
      expect(checked.err).to.not.include('left out');
      expect(readdirSync(folder)).to.deep.equal(before);
    }
    const imported = await perkbookHere(['import', file, '--on-error', 'skip'], { env });
    expect(told(imported.err)).to.deep.equal(bad);
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(readFileSync(`${file}.rejects`, 'utf8')).to.equal(bad.map((number) => `${lines[number - 1]}\n`).join(''));
    expect((await perkbookHere(['import', file, '--check', '--on-error', 'skip'], { env })).code).to.equal(1);
  });
});
