import { expectFindings, SOUND, testCases } from './marked.ts';
import { YAML_CASES } from './yaml-cases.ts';

describe('a rule file as YAML', () => {
  it('has nothing wrong with it to begin with', () => {
    expectFindings(SOUND, []);
  });
  testCases(YAML_CASES);
});
