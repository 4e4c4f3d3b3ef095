import { expect } from 'chai';
import type { Change } from '../../../src/rules/diff/change.ts';
import { changesAsMarkdown } from '../../../src/rules/diff/changes-as-markdown.ts';
import { changesAsText } from '../../../src/rules/diff/changes-as-text.ts';

const change = (sentence: string, verdict: Change['verdict']): Change => ({
  what: 'amount',
  from: 1,
  to: 2,
  verdict,
  sentence,
});

const CHANGES = [
  change('A | <b>title</b>: 1 → 2', 'better'),
  change('1.\u001b[31mred\nand more', 'worse'),
  change('`x`: new action', 'neither'),
];

describe('changes in words', () => {
  it('are a line each, with a sign and a count', () => {
    expect(changesAsText(CHANGES)).to.equal(
      '+ A | <b>title</b>: 1 → 2\n- 1. [31mred and more\n  `x`: new action\n3 changes: 1 better, 1 worse\n',
    );
    expect(changesAsText([])).to.equal('no change of meaning\n');
    expect(changesAsText(CHANGES.slice(2))).to.match(/\n1 change\n$/);
  });

  it('as Markdown are a list of texts', () => {
    expect(changesAsMarkdown(CHANGES)).to.equal(
      '- A \\| \\<b\\>title\\</b\\>: 1 → 2 (better)\n- 1\\. \\[31mred and more (worse)\n- \\`x\\`: new action\n\n3 changes: 1 better, 1 worse\n',
    );
    expect(changesAsMarkdown([])).to.equal('no change of meaning\n');
  });
});
