import { expect } from 'chai';
import { checkRuleFile, LARGEST_FILE } from '../../../src/rules/load/check-rule-file.ts';
import { expectFindings, MARK, testCases } from './marked.ts';
import { SHAPE_CASES } from './shape-cases.ts';

describe('the shape of a rule file', () => {
  testCases(SHAPE_CASES);

  it('is told from an empty file', () => {
    expectFindings(`${MARK}`, ['wrong_type']);
  });

  it('is told from a list', () => {
    expectFindings(`${MARK}- a\n- b\n`, ['wrong_type']);
  });

  it('has a size', () => {
    const { findings } = checkRuleFile(`#${' '.repeat(LARGEST_FILE)}`, { file: 'v1.yaml' });
    expect(findings.map((finding) => finding.code)).to.deep.equal(['too_large']);
  });

  it('has a depth', () => {
    // The parser runs into the end of the stack; mocha would have every frame of it written out.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 10;
    for (const open of ['[', '{a: ', '- ']) {
      const { findings } = checkRuleFile(`format: perkbook/1\nrules:\n  ${open.repeat(3000)}`, { file: 'v1.yaml' });
      expect(findings.map((finding) => finding.code)).to.deep.equal(['too_large']);
    }
    Error.stackTraceLimit = stackTraceLimit;
  });

  it('cannot be blown up by aliases', () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level}, `.repeat(10)}]`,
    );
    const { findings } = checkRuleFile(['l0: &l0 x', ...levels].join('\n'), { file: 'v1.yaml' });
    expect(findings.map((finding) => finding.code)).to.include('bad_alias');
  });

  it('says no more than anybody reads', () => {
    const perks = Array.from({ length: 3000 }, (_, index) => `  p${index}: {kind: switch}`);
    const { findings } = checkRuleFile(`format: perkbook/1\nperks:\n${perks.join('\n')}\n`, { file: 'v1.yaml' });
    expect(findings.length).to.be.at.most(501);
    expect(findings.at(-1)?.code).to.equal('too_many_findings');
  });
});
