import { readFileSync } from 'node:fs';
import { checkRuleFile } from '../../rules/load/check-rule-file.ts';
import { renderFinding } from '../../rules/load/render-finding.ts';
import type { Version } from '../../rules/rule-set.ts';
import { HasFindings, WrongUse } from '../frame/errors.ts';
import type { Terminal } from '../frame/terminal.ts';

export function readRuleFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new WrongUse(`\`${file}\` cannot be read: ${(cause as Error).message}`, undefined, { cause });
  }
}

/** A rule file on its own, wherever it lies. With errors in it they are shown, and that is all. */
export function versionInFile(file: string, terminal: Terminal): Version {
  const text = readRuleFile(file);
  const { version, findings } = checkRuleFile(text, { file });
  if (version !== undefined) return version;
  for (const each of findings) {
    if (each.severity !== 'error') continue;
    terminal.err(`${renderFinding(each, text, terminal.errColours.isColorSupported)}\n`);
  }
  throw new HasFindings(`\`${file}\` has errors`);
}
