import type { RuleFile } from '../../../generated/rule-file.ts';
import { compileVersion } from '../../compile/compile.ts';
import { type CheckedFile, type CheckOptions, digestOf } from '../check-rule-file.ts';
import { deepFreeze } from '../shape/tree.ts';
import { parseYaml } from '../yaml/parse-yaml.ts';
import { toData } from '../yaml/to-data.ts';

/**
 * A published version without schema and lint, which it passed before its digest was locked: that is most of the start of a server.
 * Undefined where it cannot be had this way all the same, a lock written by hand, say: then the whole check says what is wrong.
 */
export function readPublished(text: string, { file }: CheckOptions): CheckedFile | undefined {
  let sound = true;
  const report = (): void => {
    sound = false;
  };
  const source = parseYaml(text, file, report);
  if (source === undefined || !sound) return undefined;
  const { data } = toData(source, report);
  if (!sound) return undefined;
  try {
    const version = compileVersion(deepFreeze(data) as RuleFile, { yaml: text, digest: digestOf(text) });
    return { findings: [], version, source };
  } catch {
    return undefined;
  }
}
