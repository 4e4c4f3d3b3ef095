import { formatInstant } from '../../domain/instant.ts';
import type { RuleBook, RuleSet, Version } from '../../rules/rule-set.ts';
import { membershipRules } from '../../use-cases/decisions/membership-rules.ts';
import { ruleSetNamed } from '../../use-cases/decisions/rule-set-named.ts';
import { versionInForce, versionNumbered } from '../desk/chosen-rules.ts';
import { localRules } from '../desk/local-rules.ts';
import { command } from '../frame/command.ts';
import { WrongUse } from '../frame/errors.ts';
import { oneOf } from '../frame/one-of.ts';

const FORMATS = ['terminal', 'markdown', 'csv', 'json'] as const;

export const matrix = command({
  usage: 'matrix [rule-set]',
  says: 'What every tier gets, as a help page has it: a row for each perk, a column for each tier and one for what is left after the end.',
  options: {
    version: { type: 'string', value: '<n>', says: 'which version (default: the one in force now)' },
    format: { type: 'string', value: '<format>', says: `${FORMATS.join(', ')} (default: terminal)` },
    json: { type: 'boolean', says: 'the same as --format json' },
  },
  example: 'perkbook matrix pixai-membership --format markdown',
  run: async ({ options, words }, terminal) => {
    const format = options.json ? 'json' : oneOf('format', options.format ?? 'terminal', FORMATS);
    const book = await localRules(terminal);
    const ruleSet = words[0] === undefined ? onlyMembership(book) : ruleSetNamed(book, words[0]);
    const version = options.version === undefined ? versionInForce(ruleSet) : versionNumbered(ruleSet, options.version);
    if (version === undefined || version.tiers.length === 0)
      throw new WrongUse(`\`${ruleSet.id}\` has no tiers, and so no table of them`);
    const { matrixOf } = await import('../../rules/matrix.ts');
    const table = matrixOf(version);
    if (format === 'json') {
      terminal.out(`${JSON.stringify({ ruleSet: version.ref, ...table }, undefined, 2)}\n`);
      return 0;
    }
    const { matrixCells } = await import('../../rules/pages/matrix-cells.ts');
    const { csvTable, markdownTable, terminalTable } = await import('../text/tables.ts');
    const cells = matrixCells(table);
    switch (format) {
      case 'terminal':
        terminal.out(terminalTable(cells, terminal.colours));
        terminal.out(versionsLine(ruleSet, version));
        return 0;
      case 'markdown':
        terminal.out(markdownTable(cells));
        return 0;
      case 'csv':
        terminal.out(csvTable(cells));
        return 0;
    }
  },
});

/** Which version the table is of, and what others there are; nothing where there is only one. */
function versionsLine(ruleSet: RuleSet, shown: Version): string {
  if (ruleSet.versions.length === 1) return '';
  const inForce = versionInForce(ruleSet)?.ref.version;
  const later = ruleSet.versions.filter(({ from }) => from > Date.now());
  const others = [...later, ...ruleSet.versions.filter(({ ref }) => ref.version === inForce)];
  const texts = others
    .filter(({ ref }) => ref.version !== shown.ref.version)
    .map(({ ref: { version }, from }) => {
      const when = version === inForce ? 'is in force' : `from ${formatInstant(from)}`;
      return `version ${version} ${when}: \`--version ${version}\``;
    });
  const own =
    shown.ref.version === inForce
      ? 'in force'
      : shown.from > Date.now()
        ? `from ${formatInstant(shown.from)}`
        : 'no longer in force';
  return `\n${[`version ${shown.ref.version}, ${own}`, ...texts].join('; ')}\n`;
}

function onlyMembership(book: RuleBook): RuleSet {
  const ruleSet = membershipRules(book);
  if (ruleSet === undefined) throw new WrongUse('no rule set has tiers, and so there is no table of them');
  return ruleSet;
}
