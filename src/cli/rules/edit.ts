import type { SoundEdit } from '../../rules/edit/edit-value.ts';
import { writeFileOrSay } from '../files/files.ts';
import { type FileOfVersion, newestOf, versionFiles } from '../files/version-files.ts';
import { command } from '../frame/command.ts';
import { WrongUse } from '../frame/errors.ts';
import { orWrongUse } from '../frame/or-wrong-use.ts';
import type { Terminal } from '../frame/terminal.ts';

export const edit = command({
  usage: 'edit <perk> <tier> <value>',
  says: 'Changes what a tier gets of a perk, in the newest version: one line of its file, and nothing else in it.',
  options: {
    'rule-set': { type: 'string', value: '<id>', says: 'which rule set (default: the one that has the perk)' },
    part: { type: 'string', value: '<part>', says: 'which row of a table, or which measure of a limit' },
    'dry-run': { type: 'boolean', says: 'only show what would change' },
    json: { type: 'boolean', says: 'what has changed as JSON' },
  },
  example: 'perkbook edit free_lora_training starter 4',
  notes:
    'The value is a number, unlimited, yes or no, or a percentage such as +20%, as the perk has it. In the place of the tier also title,\nafterEnd, whenFactsUnavailable, existingMembers or says.<code>, where the card has it. A published version stays as it is.',
  run: async ({ options, words }, terminal) => {
    const [perk = '', place = '', value = ''] = words;
    const newest = await fileWith(perk, options['rule-set'], terminal);
    const { editCard, editValue } = await import('../../rules/edit/edit-value.ts');
    const isCard = /^(title|afterEnd|whenFactsUnavailable|existingMembers|says\..*)$/.test(place);
    const edited = orWrongUse(() =>
      isCard && options.part === undefined
        ? editCard(newest.text, { perk, property: place, value })
        : editValue(newest.text, { perk, tier: place, value, part: options.part }),
    );
    if (newest.locked) {
      throw new WrongUse(
        `version ${newest.version} of \`${newest.ruleSet}\` is published and stays as it is: run \`perkbook new-version ${newest.ruleSet}\` first, and edit that`,
      );
    }
    if (!options['dry-run'] && edited.text !== newest.text) writeFileOrSay(newest.path, edited.text);
    await show(newest, edited, options.json, terminal);
    return 0;
  },
});

/** The newest version of the rule set that is named, or that has the perk. */
async function fileWith(perk: string, ruleSet: string | undefined, terminal: Terminal): Promise<FileOfVersion> {
  const files = await versionFiles(terminal);
  if (ruleSet !== undefined) return newestOf(files, ruleSet);
  const { checkRuleFile } = await import('../../rules/load/check-rule-file.ts');
  const having = [...new Set(files.map((each) => each.ruleSet))]
    .map((id) => newestOf(files, id))
    .filter(({ text, file }) => {
      const { version } = checkRuleFile(text, { file });
      // Of what has errors nobody knows: the edit will say so.
      return version === undefined || version.tiers.length > 0 || version.cards.has(perk);
    });
  return newestOf(having.length === 0 ? files : having, undefined);
}

async function show(newest: FileOfVersion, edited: SoundEdit, json: boolean, terminal: Terminal): Promise<void> {
  const { checkRuleFile } = await import('../../rules/load/check-rule-file.ts');
  const { diffVersions } = await import('../../rules/diff/diff-versions.ts');
  const [before, after] = [newest.text, edited.text].map((text) => checkRuleFile(text, { file: newest.file }).version);
  const changes = before === undefined || after === undefined ? [] : diffVersions(before, after);
  const { file } = newest;
  const { line, warnings } = edited;
  if (json) {
    const lines = { before: edited.before, after: edited.after };
    terminal.out(
      `${JSON.stringify({ file, line, ...lines, changes, warnings: warnings.map((each) => ({ ...each, file })) }, undefined, 2)}\n`,
    );
    return;
  }
  if (edited.text === newest.text) {
    terminal.out(`${file}:${line} says so already\n`);
    return;
  }
  const { colours } = terminal;
  terminal.out(
    `${colours.cyan(`${file}:${line}`)}\n${colours.red(`-${edited.before}`)}\n${colours.green(`+${edited.after}`)}\n`,
  );
  const { changesAsText } = await import('../../rules/diff/changes-as-text.ts');
  terminal.out(changesAsText(changes));
  const { renderFinding } = await import('../../rules/load/render-finding.ts');
  for (const each of warnings) {
    terminal.err(`${renderFinding({ ...each, file }, edited.text, terminal.errColours.isColorSupported)}\n`);
  }
}
