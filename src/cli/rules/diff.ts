import type { Change } from '../../rules/diff/change.ts';
import type { Version } from '../../rules/rule-set.ts';
import { chosenRuleSet, versionNumbered } from '../desk/chosen-rules.ts';
import { localRules } from '../desk/local-rules.ts';
import { command } from '../frame/command.ts';
import { WrongUse } from '../frame/errors.ts';
import { oneOf } from '../frame/one-of.ts';
import type { Colours, Terminal } from '../frame/terminal.ts';

const FORMATS = ['text', 'markdown', 'json'] as const;

export const diff = command({
  usage: 'diff [rule-set-or-file] [file]',
  says: 'What a version changes, by meaning and not by text: the two newest versions of a rule set, or two files.',
  options: {
    from: { type: 'string', value: '<n>', says: 'the version to compare with (default: the one before)' },
    to: { type: 'string', value: '<n>', says: 'the version that changes something (default: the newest)' },
    format: { type: 'string', value: '<format>', says: `${FORMATS.join(', ')} (default: text)` },
    json: { type: 'boolean', says: 'the same as --format json' },
    'exit-code': { type: 'boolean', says: 'exit with 1 where there is a change' },
  },
  example: 'perkbook diff pixai-membership --from 1 --to 2 --format markdown',
  notes:
    'A line that begins with + gives members more, one with - less. A file that is only laid out differently is no change.',
  run: async ({ options, words }, terminal) => {
    const format = options.json ? 'json' : oneOf('format', options.format ?? 'text', FORMATS);
    const [before, after] = await compared(words, options.from, options.to, terminal);
    const { diffVersions } = await import('../../rules/diff/diff-versions.ts');
    const changes = diffVersions(before, after);
    switch (format) {
      case 'json':
        terminal.out(`${JSON.stringify({ from: before.ref, to: after.ref, changes }, undefined, 2)}\n`);
        break;
      case 'markdown': {
        const { changesAsMarkdown } = await import('../../rules/diff/changes-as-markdown.ts');
        terminal.out(changesAsMarkdown(changes));
        break;
      }
      case 'text':
        terminal.out(await coloured(changes, terminal.colours));
        break;
    }
    return options['exit-code'] && changes.length > 0 ? 1 : 0;
  },
});

async function compared(
  words: readonly string[],
  from: string | undefined,
  to: string | undefined,
  terminal: Terminal,
): Promise<readonly [Version, Version]> {
  const [first, second] = words;
  if (second !== undefined || first?.endsWith('.yaml') === true) {
    if (first === undefined || second === undefined)
      throw new WrongUse('two files are compared: name the other one, too');
    if (from !== undefined || to !== undefined)
      throw new WrongUse('`--from` and `--to` are versions, and files have no other');
    const { versionInFile } = await import('../files/rule-file.ts');
    return [versionInFile(first, terminal), versionInFile(second, terminal)];
  }
  const ruleSet = chosenRuleSet(await localRules(terminal), first);
  const after = to === undefined ? ruleSet.versions.at(-1) : versionNumbered(ruleSet, to);
  const before =
    from === undefined
      ? ruleSet.versions.findLast((each) => each.ref.version < (after?.ref.version ?? 0))
      : versionNumbered(ruleSet, from);
  if (after === undefined || before === undefined) {
    throw new WrongUse(
      `\`${ruleSet.id}\` has no version before ${after?.ref.version ?? 'its first'}: name two versions or two files`,
    );
  }
  return [before, after];
}

async function coloured(changes: readonly Change[], colours: Colours): Promise<string> {
  const { changesAsText } = await import('../../rules/diff/changes-as-text.ts');
  return changesAsText(changes)
    .split('\n')
    .map((line) => (line.startsWith('+') ? colours.green(line) : line.startsWith('-') ? colours.red(line) : line))
    .join('\n');
}
