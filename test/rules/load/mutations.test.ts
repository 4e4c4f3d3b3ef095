import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { checkRuleFile } from '../../../src/rules/load/check-rule-file.ts';
import { renderFinding } from '../../../src/rules/load/render-finding.ts';

const FILES = ['rules/pixai-membership/v1.yaml', 'rules/documents/v1.yaml'].map((file) => readFileSync(file, 'utf8'));

/** What slips of the hand, of the editor and of the clipboard leave behind. */
const SNIPPETS = fc.constantFrom(
  ...[
    ' ',
    '\t',
    '\n',
    '\r\n',
    ':',
    ': ',
    ',',
    '-',
    '- ',
    '{',
    '}',
    '{{x}}',
    '[',
    ']',
    '"',
    "'",
    '#',
    '&a ',
    '*a',
    '!t ',
    '%',
    '@',
  ],
  ...[
    '|\n',
    '>',
    '? ',
    '<<: ',
    '...',
    '---\n',
    '\u0000',
    '\ufeff',
    '\ud800',
    '😀',
    '300,000',
    '300_000',
    '1e999',
    '-1',
    '.nan',
    '~',
  ],
  ...[
    'null',
    'true',
    'yes',
    '__proto__',
    'constructor',
    'unlimited',
    'members',
    '+20 %',
    '{amount}',
    'a: b: c',
    '$.x',
    '\u2028',
  ],
);

const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 300 })),
  paste: fc.oneof(SNIPPETS, SNIPPETS, fc.string({ maxLength: 8 })),
  /** From where else in the file something is pasted, instead. */
  from: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
});

function mutate(
  text: string,
  mutations: readonly (typeof mutation extends fc.Arbitrary<infer T> ? T : never)[],
): string {
  return mutations.reduce((mutated, { at, cut, paste, from }) => {
    const place = Math.floor(at * mutated.length);
    const elsewhere = from === null ? undefined : Math.floor(from * mutated.length);
    const pasted = elsewhere === undefined ? paste : mutated.slice(elsewhere, elsewhere + 60);
    return mutated.slice(0, place) + pasted + mutated.slice(place + cut);
  }, text);
}

describe('a rule file that has been spoilt', () => {
  it('never makes the loader throw, and every finding is at a place in the file', function () {
    this.timeout(120_000);
    const property = fc.property(
      fc.constantFrom(...FILES),
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      (original, mutations) => {
        const text = mutate(original, mutations);
        const { findings, version } = checkRuleFile(text, { file: 'v1.yaml' });
        const lines = text.split('\n');
        for (const finding of findings) {
          const line = lines[finding.line - 1];
          expect(line, `line ${finding.line}`).to.not.equal(undefined);
          expect(finding.column).to.be.within(1, (line ?? '').length + 1);
          expect(finding.message).to.match(/^\S.*\S$/s);
          expect(finding.message).to.not.match(/undefined|\[object|NaN|NOT /);
          expect(renderFinding(finding, text, false)).to.contain(`${finding.line}:${finding.column}`);
        }
        expect(version === undefined).to.equal(findings.some((finding) => finding.severity === 'error'));
      },
    );
    fc.assert(property, { numRuns: 200 });
  });
});
