import { digestOf } from '../rules/load/check-rule-file.ts';
import type { RuleSetSource, RuleSources } from '../rules/load/folder/load-rules.ts';
import type { CandidateText } from '../use-cases/rule-sets/ports.ts';

/** What is kept, as if this text were published already. */
export function withVersion(sources: RuleSources, { ruleSet, version, yaml }: CandidateText): RuleSources {
  const known = sources.ruleSets.find(({ id }) => id === ruleSet) ?? emptyRuleSet(ruleSet);
  const versions = [...known.versions, { version, file: candidateFile(ruleSet, version), text: yaml }];
  const lock = new Map([...known.lock, [version, digestOf(yaml)]]);
  const ruleSets = [...sources.ruleSets.filter(({ id }) => id !== ruleSet), { ...known, versions, lock }];
  return { ...sources, ruleSets: ruleSets.sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

/** How findings name a text that came over the wire. */
export function candidateFile(ruleSet: string, version: number): string {
  return `${ruleSet}/v${version}.yaml`;
}

function emptyRuleSet(id: string): RuleSetSource {
  return { id, shown: id, versions: [], lock: new Map(), findings: [] };
}
