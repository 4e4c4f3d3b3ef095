import { existsSync, readFileSync } from 'node:fs';
import { exampleRulesHint } from '../../package/example-rules.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { HasFindings, WrongUse } from '../frame/errors.ts';
import type { Terminal } from '../frame/terminal.ts';
import { settingsOf } from './settings.ts';

/** The rules of this machine, as a server here would load them. */
export function localRules(terminal: Terminal): Promise<RuleBook> {
  return rulesWithoutErrors(settingsOf(terminal).rules, terminal);
}

/** The rules in a folder. With errors in them nothing is answered: the errors are shown instead. */
export async function rulesWithoutErrors(folder: string, terminal: Terminal): Promise<RuleBook> {
  if (!existsSync(folder)) {
    throw new WrongUse(
      `there is no folder \`${folder}\` with rules; set PERKBOOK_RULES, or change to where it is${exampleRulesHint()}`,
    );
  }
  const { loadRules } = await import('../../rules/load/folder/load-rules.ts');
  const { book, findings } = await loadRules(folder);
  if (book !== undefined) return book;
  const { renderFinding } = await import('../../rules/load/render-finding.ts');
  for (const each of findings) {
    if (each.severity !== 'error') continue;
    terminal.err(`${renderFinding(each, sourceOf(each.file), terminal.errColours.isColorSupported)}\n`);
  }
  throw new HasFindings('the rules have errors');
}

/** The text that a finding is about, to show its line; nothing where it cannot be read. */
export function sourceOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
