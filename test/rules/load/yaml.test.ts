import { expect } from 'chai';
import { checkRuleFile } from '../../../src/rules/load/check-rule-file.ts';
import { edited, expectFindings, SOUND, testCases, unmarked } from './marked.ts';
import { YAML_CASES } from './yaml-cases.ts';

describe('a rule file as YAML', () => {
  it('has nothing wrong with it to begin with', () => {
    expectFindings(SOUND, []);
  });
  testCases(YAML_CASES);

  it('is checked also where another part of it cannot be read', () => {
    const broken = edited([
      ['    source: [S1]\n    kind: grant', '‹\tsource: [S1]\n    kind: grant'],
      ['    title: Size\n', '    title: ‹@size\n'],
      ['{free: 0, plus: 3, pro: 5}\n    afterEnd: loses', '{free: 0, ‹pluss: 3, pro: 5}\n    afterEnd: loses'],
      ['operator: in, value: [web]', 'operator: ‹inn, value: [web]'],
    ]);
    expectFindings(broken, ['tab', 'text_needs_quotes', 'unknown_tier', 'unknown_operator']);
  });

  for (const [what, edit] of [
    ['the title', ['title: Demo', '‹\ttitle: Demo']],
    ['an action', ['  model.drop: {title: Drop}', '‹\t  model.drop: {title: Drop}']],
    ['a condition', ['  is_web: {all', '‹\t  is_web: {all']],
    ['a rule', ['  plan.change:\n    source', '‹\t  plan.change:\n    source']],
    ['a whole section', ['conditions:\n', '‹\tconditions:\n']],
    ['the section of rules', ['rules:\n', '‹\trules:\n']],
  ] as const)
    it(`says nothing of what only follows from a tab before ${what}`, () => {
      expectFindings(edited([edit]), ['tab']);
    });

  it('says first what must be seen to first', () => {
    const { text } = unmarked(
      edited([
        ['{free: 0, plus: 3, pro: 5}\n    afterEnd: loses', '{free: 0, pluss: 3, pro: 5}\n    afterEnd: loses'],
        ['  is_web: {all', '\tis_web: {all'],
      ]),
    );
    const { findings } = checkRuleFile(text, { file: 'v1.yaml' });
    expect(findings.map(({ code }) => code)).to.deep.equal(['tab', 'unknown_tier']);
  });

  it('says of each key that is there too often where it is', () => {
    expectFindings(edited([['  S2: Second', '  S2: Second\n  ‹S2: Again\n  ‹S2: And again']]), [
      'duplicate_key',
      'duplicate_key',
    ]);
  });
});
