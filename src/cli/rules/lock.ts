import { rulesWithoutErrors } from '../desk/local-rules.ts';
import { settingsOf } from '../desk/settings.ts';
import { command } from '../frame/command.ts';

export const lock = command({
  usage: 'lock [folder]',
  says: 'Records the digests of all versions that are not recorded yet, so that a change to a published one is noticed. Commit the lock files with the rules.',
  options: { json: { type: 'boolean', says: 'what was recorded as JSON' } },
  example: 'perkbook lock rules',
  run: async ({ options, words }, terminal) => {
    const folder = words[0] ?? settingsOf(terminal).rules;
    // What is published must be able to judge.
    await rulesWithoutErrors(folder, terminal);
    const { lockVersions } = await import('../../rules/load/folder/load-rules.ts');
    const added = await lockVersions(folder);
    if (options.json) {
      terminal.out(`${JSON.stringify({ folder, added }, undefined, 2)}\n`);
      return 0;
    }
    for (const { ruleSet, version } of added) terminal.out(`${ruleSet} version ${version} is locked\n`);
    if (added.length === 0) terminal.out('every version was locked already\n');
    return 0;
  },
});
