import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { diffVersions } from '../../../src/rules/diff/diff-versions.ts';
import { EditRefused } from '../../../src/rules/edit/edit-refused.ts';
import { formatRules } from '../../../src/rules/edit/format/format-rules.ts';
import { commentsIn, saysTheSame } from '../../../src/rules/edit/format/same-file.ts';
import { checkRuleFile } from '../../../src/rules/load/check-rule-file.ts';

const textOf = (id: string) => readFileSync(new URL(`../../../../rules/${id}/v1.yaml`, import.meta.url), 'utf8');
const V1 = textOf('pixai-membership');

/** Ways to lay the same file out worse. A text has no braces at the end of its line; a value has. */
const MESSES: Readonly<Record<string, (text: string, seed: number) => string>> = {
  'blanks at the ends of lines': (text, seed) => each(text, seed, (line) => `${line}   `),
  'empty lines': (text) => text.replaceAll('\n\n', '\n \n\n\n'),
  'no empty lines': (text) => text.replaceAll('\n\n', '\n'),
  indentation: (text, seed) => {
    const step = 3 + (seed % 3);
    return text.replace(/^( {2})+/gm, (blanks) => ' '.repeat((blanks.length / 2) * step));
  },
  'lists at the edge': (text) =>
    text.replace(/^ {2}(?=\s+- \{)/gm, '').replace(/^(\s+- all:\n)((?:\s+- .*\n)+)/gm, '$1$2'),
  'blanks between braces': (text, seed) =>
    each(text, seed, (line) =>
      /^\s+(tiers|\d+|[a-z_]+\.[a-z_]+): \{[^#]*$/.test(line)
        ? line.replaceAll('{', '{ ').replaceAll('}', '  }').replaceAll(', ', ' ,')
        : line,
    ),
  'end of file': (text) => `\n\n${text.trimEnd()}`,
  'line ends': (text) => text.replaceAll('\n', '\r\n'),
};

/** Changes every line that the seed picks. */
function each(text: string, seed: number, change: (line: string) => string): string {
  return text
    .split('\n')
    .map((line, index) => ((index * 7 + seed) % 5 === 0 ? change(line) : line))
    .join('\n');
}

describe('formatting a rule file', () => {
  for (const id of ['pixai-membership', 'documents'])
    it(`leaves ${id} as it is`, () => {
      expect(formatRules(textOf(id))).to.equal(textOf(id));
    });

  for (const [name, mess] of Object.entries(MESSES))
    it(`puts right: ${name}`, () => {
      for (const seed of [0, 1, 2]) {
        const messy = mess(V1, seed);
        if (name !== 'lists at the edge') expect(messy).to.not.equal(V1);
        // Blanks before a comment are as they were: who aligns comments does so by hand.
        const unaligned = (text: string) => text.replace(/ +#/g, ' #');
        expect(unaligned(formatRules(messy))).to.equal(unaligned(V1));
      }
    });

  it('in any combination says the same, keeps every comment in its order, and is done after once', function () {
    this.timeout(60_000);
    const before = checkRuleFile(V1, { file: 'v1.yaml' }).version;
    fc.assert(
      fc.property(fc.subarray(Object.values(MESSES)), fc.nat(), (messes, seed) => {
        const messy = messes.reduce((text, mess) => mess(text, seed), V1);
        const formatted = formatRules(messy);
        expect(formatRules(formatted)).to.equal(formatted);
        const after = checkRuleFile(formatted, { file: 'v1.yaml' }).version;
        if (before === undefined || after === undefined) throw new Error('the rules have errors');
        expect(diffVersions(before, after)).to.deep.equal([]);
        expect(after.json).to.deep.equal(before.json);
        expect(commentsIn(formatted)).to.deep.equal(commentsIn(V1));
      }),
      { numRuns: 40, seed: 4 },
    );
  });

  it('puts the properties of a card into their order, with the comments above them', () => {
    const text = V1.replace(
      '    title: Profile banner\n    source: [R10]\n    kind: switch\n',
      '    kind: switch\n    # what it is called\n    title: Profile banner\n    source: [R10]\n',
    );
    expect(formatRules(text)).to.equal(
      V1.replace('    title: Profile banner\n', '    # what it is called\n    title: Profile banner\n'),
    );
  });

  it('leaves a card alone whose comments would change places', () => {
    const text = V1.replace(
      '    title: Profile banner\n    source: [R10]\n',
      '    source: [R10]    # first\n    title: Profile banner   # second\n',
    );
    expect(formatRules(text)).to.equal(text);
  });

  it('keeps texts over several lines to the blank', () => {
    const text = `${V1.trimEnd()}\n`.replace(
      '      not_in_plan: Turbo mode comes with a membership.\n',
      '      not_in_plan: |\n        Turbo mode  \n          comes: {with ,  a}   # no comment\n\n\n        membership.\n',
    );
    expect(formatRules(text)).to.equal(text);
    const deeper = MESSES.indentation?.(text, 1) ?? '';
    expect(saysTheSame(formatRules(deeper), deeper)).to.equal(true);
  });

  it('leaves what it does not know, and refuses what is no YAML', () => {
    const odd = 'perks:\n  ? a\n  : {b: 1}\nlist:\n-\n  a: 1\n';
    expect(saysTheSame(formatRules(odd), odd)).to.equal(true);
    expect(() => formatRules('a: [1\n')).to.throw(EditRefused);
  });

  it('would notice a value or a comment that is lost', () => {
    expect(saysTheSame(V1, V1.replace('starter: 3', 'starter: 4'))).to.equal(false);
    expect(saysTheSame(V1, V1.replace('# asFree | deny', ''))).to.equal(false);
    expect(
      saysTheSame(
        V1,
        V1.replace(
          'free: {title: Non-member}\n  starter: {title: Starter}',
          'starter: {title: Starter}\n  free: {title: Non-member}',
        ),
      ),
    ).to.equal(false);
  });
});
