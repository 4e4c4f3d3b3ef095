import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeTerminal } from '../../src/cli/frame/terminal.ts';
import { csvTable, markdownTable, terminalTable } from '../../src/cli/text/tables.ts';
import { perkbook, perkbookHere, ROOT, temporaryFolder } from './run.ts';

const plain = makeTerminal({ write: () => true }, { write: () => true }, {}).colours;

describe('perkbook matrix', () => {
  it('prints the tier table, aligned and without colours in a pipe', async () => {
    const { code, out, err } = await perkbook(['matrix']);
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    const lines = out.trimEnd().split('\n');
    expect(lines).to.have.length(17);
    expect(lines[0]).to.match(/^Perk +Non-member +Starter +Hobbyist +Pro +After the end$/);
    for (const line of [
      /^Daily credits +10,000 a day +12,000 a day +20,000 a day +30,000 a day +as Non-member$/,
      /^Extra credits with a top-up: 30 +no +300,000 +620,000 +950,000 +ends$/,
      /^Image size +1,280 × 1,280 +unlimited +unlimited +unlimited +as Non-member$/,
      /^Private model slots +no +15 +25 +35 +what is there stays, nothing new$/,
    ])
      expect(out).to.match(new RegExp(line.source, 'm'));
    const column = lines[0]?.indexOf('Starter');
    expect(lines.map((line) => line.slice(0, column).endsWith('  '))).to.not.include(false);
    expect(out).to.not.include('\u001b');
  });

  it('prints Markdown, CSV and JSON', async () => {
    const of = async (format: string) => (await perkbookHere(['matrix', 'pixai-membership', '--format', format])).out;
    expect(await of('markdown')).to.include(
      '| Perk | Non-member | Starter | Hobbyist | Pro | After the end |\n| --- |',
    );
    expect(await of('csv')).to.include('\r\nFree LoRA training,no,3 a month,5 a month,10 a month,ends\r\n');
    expect(await of('csv')).to.include('"what is there stays, nothing new"\r\n');
    const { tiers, rows, ruleSet } = JSON.parse(await of('json'));
    expect([tiers.length, rows.length, ruleSet.id, ruleSet.version]).to.deep.equal([4, 14, 'pixai-membership', 1]);
  });

  it('says which version the table is of where there are several', async () => {
    const rules = join(temporaryFolder(), 'rules');
    cpSync(join(ROOT, 'rules'), rules, { recursive: true });
    const folder = join(rules, 'pixai-membership');
    const text = readFileSync(join(folder, 'v1.yaml'), 'utf8');
    const next = text.replace('version: 1', 'version: 2').replace('from: 2026-01-01', 'from: 2199-01-01');
    writeFileSync(join(folder, 'v2.yaml'), next.replace('starter: 3,', 'starter: 4,'));
    const env = { PERKBOOK_RULES: rules };
    const last = async (...words: string[]) =>
      (await perkbookHere(['matrix', ...words], { env })).out.split('\n').at(-2);
    expect(await last()).to.equal('version 1, in force; version 2 from 2199-01-01T00:00:00.000Z: `--version 2`');
    expect(await last('--version', '2')).to.equal(
      'version 2, from 2199-01-01T00:00:00.000Z; version 1 is in force: `--version 1`',
    );
    expect(await last('--format', 'csv')).to.not.include('version');
  });

  it('refuses what has no table', async () => {
    const errors = async (...words: string[]) => {
      const { code, err } = await perkbookHere(['matrix', ...words]);
      expect(code).to.equal(2);
      return err;
    };
    expect(await errors('documents')).to.include('`documents` has no tiers');
    expect(await errors('pixai-membersip')).to.include('did you mean `pixai-membership`?');
    expect(await errors('--version', '9')).to.include('`pixai-membership` has no version `9`; it has 1');
    expect(await errors('--format', 'xml')).to.include('it is one of terminal, markdown, csv, json');
  });
});

describe('tables', () => {
  it('are aligned by what characters look like', () => {
    const cells = [
      ['a', '|'],
      ['日本', '|'],
      ['e\u0301', '|'],
    ];
    expect(terminalTable(cells, plain)).to.equal('a     |\n日本  |\ne\u0301     |\n');
  });

  it('as CSV survive quotes and are no formulas', () => {
    const cells = [
      ['a "b"', 'c,d', 'e\nf'],
      ['=1+1', '+20%', '-1', '@x'],
      [' padded', '\t=1'],
    ];
    expect(csvTable(cells)).to.equal('"a ""b""","c,d","e\nf"\r\n\'=1+1,\'+20%,\'-1,\'@x\r\n" padded",\'\t=1\r\n');
  });

  it('as Markdown are text and nothing else', () => {
    expect(
      markdownTable([
        ['a|b', '<b>*x*</b>'],
        ['`c`', 'two\nlines'],
      ]),
    ).to.equal('| a\\|b | \\<b\\>\\*x\\*\\</b\\> |\n| --- | --- |\n| \\`c\\` | two lines |\n');
  });
});
