import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { didYouMean } from '../../domain/did-you-mean.ts';
import { LOCK_FILE, readLock } from '../../rules/load/folder/lock.ts';
import { readRuleFolder, shownAs } from '../../rules/load/folder/rule-folder.ts';
import { settingsOf } from '../desk/settings.ts';
import { HasFindings, WrongUse } from '../frame/errors.ts';
import type { Terminal } from '../frame/terminal.ts';

/** The file of one version, as it lies in the folder of the rules, whether it is sound or not. */
export interface FileOfVersion {
  readonly ruleSet: string;
  readonly version: number;
  /** As messages show it. */
  readonly file: string;
  readonly path: string;
  readonly text: string;
  /** Published: from then on it stays as it is. */
  readonly locked: boolean;
}

/** All versions of all rule sets, in the order of their numbers. */
export async function versionFiles(terminal: Terminal): Promise<readonly FileOfVersion[]> {
  const { rules } = settingsOf(terminal);
  if (!existsSync(rules)) {
    throw new WrongUse(`there is no folder \`${rules}\` with rules; set PERKBOOK_RULES, or change to where it is`);
  }
  const files: FileOfVersion[] = [];
  for (const { id, folder, shown, versions } of (await readRuleFolder(rules, shownAs(rules))).ruleSets) {
    const { lock, findings } = await readLock(folder, `${shown}/${LOCK_FILE}`);
    const [bad] = findings;
    if (bad !== undefined) {
      terminal.err(`${bad.file}:${bad.line}:${bad.column} ${bad.message}\n`);
      throw new HasFindings(bad.message);
    }
    for (const { version, file, text } of versions) {
      if (text === undefined) throw new WrongUse(`\`${file}\` cannot be read`);
      files.push({
        ruleSet: id,
        version,
        file,
        path: resolve(folder, `v${version}.yaml`),
        text,
        locked: lock.has(version),
      });
    }
  }
  return files;
}

/** The newest version of a rule set; without a name of the only one, or the only one of these. */
export function newestOf(files: readonly FileOfVersion[], ruleSet: string | undefined): FileOfVersion {
  const newest = new Map(files.map((each) => [each.ruleSet, each]));
  const [only, ...others] = newest.values();
  const found = ruleSet === undefined ? (others.length === 0 ? only : undefined) : newest.get(ruleSet);
  if (found !== undefined) return found;
  const known = [...newest.keys()].map((id) => `\`${id}\``).join(', ');
  if (ruleSet === undefined) throw new WrongUse(known === '' ? 'there are no rules' : `say which rule set: ${known}`);
  throw new WrongUse(`there is no rule set \`${ruleSet}\``, didYouMean(ruleSet, newest.keys()));
}
