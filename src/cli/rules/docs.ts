import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RuleSet, Version } from '../../rules/rule-set.ts';
import { versionInForce, versionNumbered } from '../desk/chosen-rules.ts';
import { localRules } from '../desk/local-rules.ts';
import { writeFileOrSay } from '../files/files.ts';
import { command } from '../frame/command.ts';
import { NotDone, WrongUse } from '../frame/errors.ts';

export const docs = command({
  usage: 'docs [rule-set]',
  says: 'Writes a page for people, in Markdown and HTML: the table of tiers, what is left after the end, what is said, what was promised. Of one rule set, or of all.',
  options: {
    out: { type: 'string', value: '<folder>', says: 'where the pages go (default: docs)' },
    version: { type: 'string', value: '<n>', says: 'which version (default: the one in force now)' },
    json: { type: 'boolean', says: 'what is on the page as JSON, and no files' },
  },
  example: 'perkbook docs pixai-membership --out website/help',
  notes:
    'The pages are <rule-set>.md and <rule-set>.html. The HTML is one file, without scripts, for screens and for paper.',
  run: async ({ options, words }, terminal) => {
    const book = await localRules(terminal);
    const { ruleSetNamed } = await import('../../use-cases/decisions/rule-set-named.ts');
    const ruleSets = words[0] === undefined ? [...book.ruleSets.values()] : [ruleSetNamed(book, words[0])];
    if (options.version !== undefined && ruleSets.length > 1)
      throw new WrongUse('each rule set has versions of its own: say which one');
    const { pageOf } = await import('../../rules/pages/page.ts');
    const pages = ruleSets.map((each) => pageOf(versionOf(each, options.version)));
    if (options.json) {
      terminal.out(`${JSON.stringify(words[0] === undefined ? pages : pages[0], undefined, 2)}\n`);
      return 0;
    }
    const { pageAsMarkdown } = await import('../../rules/pages/page-as-markdown.ts');
    const { pageAsHtml } = await import('../../rules/pages/page-as-html.ts');
    const folder = options.out ?? 'docs';
    makeFolder(folder);
    for (const page of pages) {
      for (const [ending, text] of [
        ['md', pageAsMarkdown(page)],
        ['html', pageAsHtml(page)],
      ] as const) {
        const file = join(folder, `${page.ruleSet}.${ending}`);
        writeFileOrSay(file, text);
        terminal.out(`${file}\n`);
      }
    }
    return 0;
  },
});

function versionOf(ruleSet: RuleSet, number: string | undefined): Version {
  const version = number === undefined ? versionInForce(ruleSet) : versionNumbered(ruleSet, number);
  if (version === undefined) throw new WrongUse(`\`${ruleSet.id}\` has no version`);
  return version;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new NotDone(`\`${folder}\` cannot be made: ${(cause as Error).message}`, { cause });
  }
}
