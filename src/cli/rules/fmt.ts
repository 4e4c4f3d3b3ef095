import { resolve } from 'node:path';
import { EditRefused } from '../../rules/edit/edit-refused.ts';
import { writeFileOrSay } from '../files/files.ts';
import { versionFiles } from '../files/version-files.ts';
import { command } from '../frame/command.ts';
import { WrongUse } from '../frame/errors.ts';
import type { Terminal } from '../frame/terminal.ts';

export const fmt = command({
  usage: 'fmt [files…]',
  says: 'Lays rule files out as the guide does: blanks, empty lines, indentation, the order of the properties of a card. Never what they say, nor their comments.',
  options: { check: { type: 'boolean', says: 'write nothing; exit with 1 where something would change' } },
  example: 'perkbook fmt --check',
  notes: 'Without a file: every version that is not published yet. Published ones stay as they are, to the byte.',
  run: async ({ options, words }, terminal) => {
    const { formatRules } = await import('../../rules/edit/format/format-rules.ts');
    let [changed, broken] = [0, 0];
    for (const { file, path, text } of await chosen(words, terminal)) {
      try {
        const formatted = formatRules(text);
        if (formatted === text) continue;
        changed++;
        if (!options.check) writeFileOrSay(path, formatted);
        terminal.out(`${file}${options.check ? ' is laid out differently: run `perkbook fmt`' : ''}\n`);
      } catch (error) {
        if (!(error instanceof EditRefused)) throw error;
        broken++;
        terminal.err(`${file}: ${error.message}; see \`perkbook validate ${file}\`\n`);
      }
    }
    return broken > 0 || (options.check && changed > 0) ? 1 : 0;
  },
});

interface Chosen {
  readonly file: string;
  readonly path: string;
  readonly text: string;
}

async function chosen(words: readonly string[], terminal: Terminal): Promise<readonly Chosen[]> {
  if (words.length === 0) return (await versionFiles(terminal)).filter(({ locked }) => !locked);
  const { existsSync } = await import('node:fs');
  const { settingsOf } = await import('../desk/settings.ts');
  const published = existsSync(settingsOf(terminal).rules)
    ? (await versionFiles(terminal)).filter(({ locked }) => locked).map(({ path }) => path)
    : [];
  const { readRuleFile } = await import('../files/rule-file.ts');
  return words.map((file) => {
    const path = resolve(file);
    if (published.includes(path)) throw new WrongUse(`\`${file}\` is published and stays as it is, to the byte`);
    return { file, path, text: readRuleFile(file) };
  });
}
