import { expect } from 'chai';
import type { Finding } from '../../../src/rules/load/finding.ts';
import { renderFinding } from '../../../src/rules/load/render-finding.ts';

const FINDING: Finding = {
  severity: 'error',
  code: 'unknown_tier',
  message: 'there is no tier `statrer`',
  file: 'rules/x/v1.yaml',
  line: 2,
  column: 10,
  path: '/tiers/statrer',
  didYouMean: 'starter',
};

describe('a finding for people', () => {
  it('shows the place, the line and a caret', () => {
    expect(renderFinding(FINDING, 'a: 1\ntiers: {‹statrer: 1}\nb: 2'.replace('‹', ' '), false)).to.equal(
      [
        'rules/x/v1.yaml:2:10 error unknown_tier: there is no tier `statrer`; did you mean `starter`?',
        '  tiers: { statrer: 1}',
        '           ^',
      ].join('\n'),
    );
  });

  it('does not say the same word twice', () => {
    const finding = { ...FINDING, message: '`3` is not the version of this file: write `2`', didYouMean: '2' };
    expect(renderFinding(finding, '', false)).to.match(/write `2`$/);
  });

  it('keeps tabs, so that the caret is below its character', () => {
    expect(renderFinding({ ...FINDING, line: 1, column: 3 }, '\ta: 1\r\n', false)).to.match(
      /\n {2}\ta: 1\n {2}\t ?\^$/,
    );
  });

  it('cuts a long line to where the finding is', () => {
    const text = `a: 1\n${'x'.repeat(5000)}statrer${'y'.repeat(5000)}`;
    const [, line = '', caret = ''] = renderFinding({ ...FINDING, column: 5001 }, text, false).split('\n');
    expect(line.length).to.be.below(200);
    expect(line.slice(caret.indexOf('^'))).to.match(/^statrer/);
  });

  it('is one line where there is nothing to show', () => {
    expect(renderFinding({ ...FINDING, line: 9 }, 'a: 1', false)).to.not.contain('\n');
  });

  it('has colours on demand', () => {
    expect(renderFinding(FINDING, 'a\nb', true)).to.contain('\u001b[31merror');
  });
});
