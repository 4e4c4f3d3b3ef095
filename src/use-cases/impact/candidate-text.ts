import { newest } from '../../decide/pick-version.ts';
import { Problem } from '../../domain/problem.ts';
import { checkRuleFile } from '../../rules/load/check-rule-file.ts';
import { successionProblems } from '../../rules/load/folder/succession.ts';
import { toFinding } from '../../rules/load/yaml/source.ts';
import type { RuleSet, Version } from '../../rules/rule-set.ts';

/**
 * A text as a version that could succeed those of its rule set; which number and start it names does not matter yet. Throws
 * `invalid_rule_set` (422) with all findings.
 */
export function candidateIn(ruleSet: RuleSet, yaml: string): Version {
  const expected = { ruleSet: ruleSet.id };
  const { findings, version, source } = checkRuleFile(yaml, { file: `${ruleSet.id}.yaml`, expected });
  const succession =
    version === undefined || source === undefined
      ? []
      : successionProblems(newest(ruleSet), version)
          .filter(({ code }) => code !== 'version_order')
          .map((problem) => toFinding(source, problem));
  const all = [...succession, ...findings];
  const errors = all.filter(({ severity }) => severity === 'error').length;
  if (version !== undefined && errors === 0) return version;
  throw new Problem(
    'invalid_rule_set',
    `the rule file has ${errors} ${errors === 1 ? 'error' : 'errors'}; \`findings\` says where: nobody was judged by it`,
    { more: { findings: all } },
  );
}
