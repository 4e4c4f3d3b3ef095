import { edited, expectFindings, SOUND, testCases } from './marked.ts';
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

  it('says of each key that is there too often where it is', () => {
    expectFindings(edited([['  S2: Second', '  S2: Second\n  ‹S2: Again\n  ‹S2: And again']]), [
      'duplicate_key',
      'duplicate_key',
    ]);
  });
});
