import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { githubAnnotation, sarifOf } from '../../src/cli/text/finding-formats.ts';
import type { Finding } from '../../src/rules/load/finding.ts';
import { perkbook, perkbookHere, ROOT, temporaryFolder } from './run.ts';

const FINDING: Finding = {
  severity: 'error',
  code: 'unknown_tier',
  message: '100%\nof `a`',
  file: 'my rules/a,b:c/v1.yaml',
  line: 3,
  column: 7,
  path: '/perks',
  didYouMean: 'b',
};

describe('perkbook validate', () => {
  const folder = temporaryFolder();
  const rules = join(folder, 'rules');
  const file = join(rules, 'documents', 'v1.yaml');
  mkdirSync(join(rules, 'documents'), { recursive: true });
  // Without its lock: these files change.
  const sound = readFileSync(join(ROOT, 'rules', 'documents', 'v1.yaml'), 'utf8');
  const line = sound.slice(0, sound.indexOf('may_read,')).split('\n').length;
  const env = { PERKBOOK_RULES: rules };
  beforeEach(() => writeFileSync(file, sound));
  const breakIt = () => writeFileSync(file, sound.replace('unless: may_read,', 'unless: may_raed,'));

  it('has nothing to say against rules that are sound', async () => {
    const ran = await perkbook(['validate']);
    expect(ran.out).to.match(/\b3 files, 0 errors, \d+ warnings?\n$/);
    expect(ran).to.include({ code: 0, err: '' });
  });

  it('shows the place, the line and a caret, counts last, and exits with 1', async () => {
    breakIt();
    const { code, out } = await perkbook(['validate', 'rules/documents/v1.yaml'], { cwd: folder });
    const [head, text, caret] = out.split('\n');
    expect(head).to.match(
      /^rules\/documents\/v1\.yaml:\d+:18 error unknown_condition: .*`may_raed`.*did you mean `may_read`\?$/,
    );
    expect(head).to.include(`:${line}:18 `);
    expect(text).to.equal(
      '        - {unless: may_raed, deny: not_public, says: This document is private; ask its owner.}',
    );
    expect(caret?.indexOf('^')).to.equal(text?.indexOf('may_raed'));
    expect(out.trimEnd().split('\n').at(-1)).to.match(/^1 file, 1 error, \d+ warnings?$/);
    expect(code).to.equal(1);
  });

  it('is not failed by warnings, unless --strict', async () => {
    writeFileSync(file, sound.replace('conditions:\n', 'conditions:\n  unused: {all: [{condition: is_public}]}\n'));
    const [lenient, strict] = [
      await perkbookHere(['validate'], { env }),
      await perkbookHere(['validate', '--strict'], { env }),
    ];
    expect(lenient.out).to.include('warning unused_condition');
    expect([lenient.code, strict.code]).to.deep.equal([0, 1]);
  });

  it('writes JSON, SARIF and annotations', async () => {
    breakIt();
    const [json, sarif, github] = await Promise.all(
      ['json', 'sarif', 'github'].map((format) => perkbookHere(['validate', file, '--format', format], { env })),
    );
    expect([json?.code, sarif?.code, github?.code]).to.deep.equal([1, 1, 1]);
    const { ok, errors, findings } = JSON.parse(json?.out ?? '');
    expect({ ok, errors, code: findings[0].code, line: findings[0].line }).to.deep.equal({
      ok: false,
      errors: 1,
      code: 'unknown_condition',
      line,
    });
    const [run] = JSON.parse(sarif?.out ?? '').runs;
    expect(run.tool.driver.rules[run.results[0].ruleIndex].id).to.equal('unknown_condition');
    expect(github?.out).to.match(/^::error file=.*v1\.yaml,line=\d+,col=18,title=unknown_condition::/);
  });

  it('checks a draft that lies anywhere, and refuses what is not there', async () => {
    const draft = join(folder, 'v7.yaml');
    writeFileSync(draft, sound);
    expect((await perkbookHere(['validate', draft], { env })).code).to.equal(0);
    expect(await perkbookHere(['validate', join(folder, 'nope')], { env })).to.include({ code: 2, out: '' });
    expect((await perkbookHere(['validate', '--format', 'sarf'], { env })).err).to.include('did you mean `sarif`?');
  });

  it('checks the rule sets also where a stray file lies beside their folders', async () => {
    breakIt();
    const stray = join(rules, 'notes.yaml');
    writeFileSync(stray, sound);
    for (const words of [[], [rules]]) {
      const { code, out } = await perkbookHere(['validate', ...words], { env });
      expect(out)
        .to.include('error unknown_condition')
        .and.match(/notes\.yaml:1:1 warning misnamed_file: this file is not read/);
      expect(code).to.equal(1);
    }
    rmSync(stray);
  });

  it('says what a scenario file is for, and that the folder of one rule set is not that of the rules', async () => {
    const scenarios = await perkbookHere(['validate', 'fixtures/documents/documents.yaml']);
    expect(scenarios).to.include({ code: 2, out: '' });
    expect(scenarios.err).to.include(
      'is a scenario file: `perkbook test fixtures/documents/documents.yaml` checks and replays it',
    );
    const deep = { PERKBOOK_RULES: join(rules, 'documents') };
    expect((await perkbookHere(['validate'], { env: deep })).out)
      .to.include('error wrong_folder')
      .and.include('name the one above it');
    expect((await perkbookHere(['matrix'], { env: deep })).err).to.include('error wrong_folder');
  });

  it('warns of a version that has started and is not locked', async () => {
    writeFileSync(file, sound);
    const { code, out } = await perkbookHere(['validate'], { env });
    expect(out).to.include('warning not_locked').and.include('run `perkbook lock`');
    expect(code).to.equal(0);
  });

  it('is also what stands between broken rules and an answer', async () => {
    breakIt();
    const { code, out, err } = await perkbookHere(['matrix'], { env });
    expect({ code, out }).to.deep.equal({ code: 1, out: '' });
    expect(err).to.include('error unknown_condition').and.include('^');
  });

  it('locks versions, and notices when one changes afterwards', async () => {
    const first = await perkbook(['lock', rules]);
    expect(first).to.deep.equal({ code: 0, out: 'documents version 1 is locked\n', err: '' });
    expect((await perkbookHere(['lock'], { env })).out).to.equal('every version was locked already\n');
    writeFileSync(file, sound.replace('title: Documents', 'title: Papers'));
    const { code, out } = await perkbookHere(['validate', file], { env });
    expect(out).to.include('error changed_version');
    expect(code).to.equal(1);
    breakIt();
    expect((await perkbookHere(['lock'], { env })).code).to.equal(1);
  });
});

describe('finding formats', () => {
  it('SARIF has what the standard asks for', () => {
    expect(sarifOf([FINDING], '1.2.3')).to.deep.equal({
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'perkbook',
              version: '1.2.3',
              rules: [
                {
                  id: 'unknown_tier',
                  shortDescription: { text: 'unknown tier' },
                  defaultConfiguration: { level: 'error' },
                },
              ],
            },
          },
          columnKind: 'utf16CodeUnits',
          results: [
            {
              ruleId: 'unknown_tier',
              ruleIndex: 0,
              level: 'error',
              message: { text: '100%\nof `a`; did you mean `b`?' },
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'my%20rules/a%2Cb%3Ac/v1.yaml' },
                    region: { startLine: 3, startColumn: 7 },
                  },
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('annotations are escaped as GitHub reads them', () => {
    expect(githubAnnotation(FINDING)).to.equal(
      '::error file=my rules/a%2Cb%3Ac/v1.yaml,line=3,col=7,title=unknown_tier::100%25%0Aof `a`; did you mean `b`?',
    );
  });
});
