import type { Finding } from '../../rules/load/finding.ts';
import { parseYaml } from '../../rules/load/yaml/parse-yaml.ts';
import { toFinding } from '../../rules/load/yaml/source.ts';
import type { CandidateText } from './ports.ts';

/** A finding about when a text that is sound otherwise starts. */
export function startFinding({ ruleSet, version, yaml }: CandidateText, message: string): Finding {
  const file = `${ruleSet}/v${version}.yaml`;
  const source = parseYaml(yaml, file, () => undefined);
  if (source === undefined) throw new Error(`\`${file}\` was read before and cannot be read now`);
  return toFinding(source, { code: 'version_order', message, path: ['effective', 'from'] });
}
