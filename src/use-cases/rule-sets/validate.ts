import { checkRuleFile } from '../../rules/load/check-rule-file.ts';
import type { Finding } from '../../rules/load/finding.ts';
import { successionProblems } from '../../rules/load/folder/succession.ts';
import { toFinding } from '../../rules/load/yaml/source.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { newestVersion } from './newest.ts';

/**
 * Everything that is wrong with, or doubtful in, a text as a file of this rule set. Which number and start it needs is judged when it
 * is published: until then it may still be a copy of what is there.
 */
export function validate(book: RuleBook, ruleSet: string, yaml: string): readonly Finding[] {
  const { findings, source, version } = checkRuleFile(yaml, { file: `${ruleSet}.yaml`, expected: { ruleSet } });
  const previous = newestVersion(book.ruleSets.get(ruleSet));
  if (source === undefined || version === undefined || version.ref.version !== (previous?.ref.version ?? 0) + 1)
    return findings;
  const problems = previous === undefined ? [] : successionProblems(previous, version);
  return [...problems.map((problem) => toFinding(source, problem)), ...findings];
}
