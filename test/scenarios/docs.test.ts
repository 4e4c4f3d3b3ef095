import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { loadRules } from '../../src/rules/load/folder/load-rules.ts';
import { compileText } from '../../src/scenarios/compile/load.ts';
import { CoreDoor } from '../../src/scenarios/doors/core.ts';
import { failureText } from '../../src/scenarios/replay/failure-text.ts';
import { replayCases } from '../../src/scenarios/replay/replay.ts';

describe('docs/scenarios.md', () => {
  const text = readFileSync('docs/scenarios.md', 'utf8');
  const snippets = [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, snippet = '']) => snippet);

  it('has snippets', () => {
    expect(snippets.length).to.be.at.least(3);
  });

  snippets.forEach((snippet, i) => {
    it(`snippet ${i + 1} is true`, async () => {
      const { book } = await loadRules('rules');
      if (book === undefined) throw new Error('the rules have errors');
      const { cases, findings } = compileText(snippet, 'docs/scenarios.md', book);
      expect(findings).to.deep.equal([]);
      for (const result of await replayCases(cases, new CoreDoor(book))) {
        expect(result.outcome, failureText(result)).to.equal('passed');
      }
    });
  });
});
