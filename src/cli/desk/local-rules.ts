import { existsSync, readFileSync } from 'node:fs';
import { ownPlace } from '../../config/own-place.ts';
import { exampleRulesHint } from '../../package/example-rules.ts';
import type { LoadedRules } from '../../rules/load/folder/load-rules.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { RuleStoreUnreachable } from '../../use-cases/ports.ts';
import { HasFindings, NotDone, WrongUse } from '../frame/errors.ts';
import type { Terminal } from '../frame/terminal.ts';
import { settingsOf } from './settings.ts';

/**
 * The rules in force, as a server here would load them: those in MongoDB where it keeps them there, else those of the folder. Where the
 * folder has others than MongoDB, that is said.
 */
export async function localRules(terminal: Terminal): Promise<RuleBook> {
  const { mongodbUri: uri, rules: folder } = ownPlace(settingsOf(terminal));
  if (uri === undefined) return rulesWithoutErrors(folder, terminal);
  const { readMongoRules } = await import('../../rule-sets/mongo/read-mongo-rules.ts');
  const log = ({ level, message, ruleSet }: Readonly<Record<string, unknown>>) => {
    if (level !== 'warn') return;
    const which = ruleSet === undefined ? '' : `\`${String(ruleSet)}\`: `;
    terminal.err(terminal.errColours.dim(`${which}${String(message)}\n`));
  };
  try {
    const loaded = await readMongoRules({ uri }, folder, { log });
    return loaded === undefined ? rulesWithoutErrors(folder, terminal) : bookIn(loaded, terminal);
  } catch (cause) {
    if (!(cause instanceof RuleStoreUnreachable)) throw cause;
    throw new NotDone(`the rules cannot be read: ${cause.message}; MONGODB_URI names where they are kept`, { cause });
  }
}

/** The rules in the folder, whatever is in force: for what is about files. */
export function folderRules(terminal: Terminal): Promise<RuleBook> {
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
  return bookIn(await loadRules(folder), terminal);
}

/** Throws `HasFindings` once the errors are shown. */
export async function bookIn({ book, findings, files }: LoadedRules, terminal: Terminal): Promise<RuleBook> {
  if (book !== undefined) return book;
  const { renderFinding } = await import('../../rules/load/render-finding.ts');
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  for (const each of findings) {
    if (each.severity !== 'error') continue;
    const text = texts.get(each.file) ?? sourceOf(each.file);
    terminal.err(`${renderFinding(each, text, terminal.errColours.isColorSupported)}\n`);
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
