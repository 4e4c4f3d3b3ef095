import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Running, run } from '../http/running.ts';
import { perkbookHere, temporaryFolder } from './run.ts';

/** A rule set with nothing in it but these actions. */
function write(rules: string, ruleSet: string, actions: string): void {
  mkdirSync(join(rules, ruleSet), { recursive: true });
  const head = `format: perkbook/1\nruleSet: ${ruleSet}\nversion: 1\ntitle: "*/ process.exit(1) /*"\n`;
  writeFileSync(
    join(rules, ruleSet, 'v1.yaml'),
    `${head}effective: {from: 2026-01-01T00:00:00Z}\nactions:\n${actions}`,
  );
}

describe('perkbook types', () => {
  const folder = temporaryFolder();
  let server: Running;
  before(async () => {
    server = await run();
  });
  after(() => server.close());

  it('writes the words of a rule set, under the titles that people know them by', async () => {
    const { code, out } = await perkbookHere(['types', 'pixai-membership']);
    expect(code).to.equal(0);
    expect(out).to.include('export interface PixaiMembership {').and.not.include('Documents');
    expect(out).to.match(/^\/\/ pixai-membership, version 1, sha256:[0-9a-f]{64}$/m);
    expect(out).to.include("/** Generate an image */\n    readonly 'generation.create': {");
    expect(out).to.include("readonly format: 'gif' | 'png' | 'jpeg' | 'webp';");
    expect(out).to.include("readonly image_size: { readonly kind: 'limit'; readonly measures: 'width' | 'height' };");
    expect(out).to.include('readonly web_tier_change: true;').and.include('readonly quota_used_up: true;');
  });

  it('of all rule sets in one file, also where one has no membership', async () => {
    const { out } = await perkbookHere(['types']);
    expect(out).to.include('interface PixaiMembership').and.include('interface Documents');
    expect(out)
      .to.include("readonly resource: 'document'")
      .and.include('readonly perks: { readonly [name in never]: never };');
  });

  it('the same from a running server', async () => {
    const here = await perkbookHere(['types']);
    expect(await perkbookHere(['types', '--url', server.address])).to.deep.equal(here);
    const one = await perkbookHere(['types', 'documents', '--url', server.address, '--version', '2']);
    expect(one).to.deep.equal(await perkbookHere(['types', 'documents']));
  });

  it('into a file, with `--out`', async () => {
    const file = join(folder, 'rules.ts');
    const { code, out } = await perkbookHere(['types', '--out', file]);
    expect([code, out]).to.deep.equal([0, `${file}\n`]);
    expect(readFileSync(file, 'utf8')).to.equal((await perkbookHere(['types'])).out);
    const nowhere = join(folder, 'no', 'rules.ts');
    expect((await perkbookHere(['types', '--out', nowhere])).code).to.equal(70);
    expect(existsSync(nowhere)).to.equal(false);
  });

  it('says what is wrong', async () => {
    for (const where of [[], ['--url', server.address]]) {
      const typo = await perkbookHere(['types', 'pixai-membershop', ...where]);
      expect(typo.code).to.equal(2);
      expect(typo.err).to.include('`pixai-membershop`').and.include('pixai-membership');
      expect((await perkbookHere(['types', 'documents', '--version', '9', ...where])).code).to.equal(2);
    }
    expect((await perkbookHere(['types', '--version', '1'])).err).to.include('say which one');
    expect((await perkbookHere(['types', '--url', 'http://127.0.0.1:9'])).code).to.equal(70);
  });

  it('nothing in a title gets out of its comment, and an input with a default may be left out', async () => {
    const rules = join(folder, 'rules');
    write(
      rules,
      'odd',
      `  thing.do:
    title: "It's a thing"
    open: true
    input:
      size: {type: integer, default: 3}
      word: {enum: ["it's", five]}
`,
    );
    const { code, out, err } = await perkbookHere(['types', 'odd'], { env: { PERKBOOK_RULES: rules } });
    expect(code, err).to.equal(0);
    expect(out.match(/\*\//g)).to.have.lengthOf(out.match(/\/\*\*/g)?.length ?? 0);
    expect(out).to.include('readonly size?: number;').and.include("readonly word: 'it\\'s' | 'five';");
  });

  it('a word with a line break in it is one word of the types', async () => {
    const rules = join(folder, 'lines');
    write(
      rules,
      'lines',
      `  thing.do:
    title: Do
    open: true
    input:
      word: {enum: ["two\\nlines", "a \\\\ and \\" and ' and \\u2028"]}
`,
    );
    const { code, out, err } = await perkbookHere(['types', 'lines'], { env: { PERKBOOK_RULES: rules } });
    expect(code, err).to.equal(0);
    expect(out).to.include(String.raw`readonly word: 'two\nlines' | 'a \\ and " and \' and \u2028';`);
  });

  it('rule sets whose names are near have types with other names', async () => {
    const rules = join(folder, 'near');
    for (const ruleSet of ['a-1', 'a1', 'a-b', 'ab'])
      write(rules, ruleSet, `  ${ruleSet.replace('-', '_')}.do: {title: Do, open: true}\n`);
    const { code, out, err } = await perkbookHere(['types'], { env: { PERKBOOK_RULES: rules } });
    expect(code, err).to.equal(0);
    const names = [...out.matchAll(/interface (\w+)/g)].map(([, name]) => name);
    expect(names).to.have.members(['A_1', 'A1', 'AB', 'Ab']);
  });
});
