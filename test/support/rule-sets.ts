import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { compileVersion } from '../../src/rules/compile/compile.ts';
import type { RuleSet } from '../../src/rules/rule-set.ts';

function ruleSetFrom(id: string): RuleSet {
  const yaml = readFileSync(new URL(`../../../rules/${id}/v1.yaml`, import.meta.url), 'utf8');
  return { id, versions: [compileVersion(parse(yaml), { yaml, digest: 'sha256:test' })] };
}

export const membership: RuleSet = ruleSetFrom('pixai-membership');
export const documents: RuleSet = ruleSetFrom('documents');
