import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { checkRuleFile } from '../../../src/rules/load/check-rule-file.ts';

describe('the documentation of rule files', () => {
  const page = readFileSync('docs/rule-files.md', 'utf8');
  const snippets = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, snippet = '']) => snippet);

  it('has examples', () => {
    expect(snippets).to.have.lengthOf.at.least(3);
  });

  for (const [index, snippet] of snippets.entries()) {
    it(`has nothing wrong in example ${index + 1}`, () => {
      expect(checkRuleFile(snippet, { file: 'docs/rule-files.md' }).findings).to.deep.equal([]);
    });
  }
});
