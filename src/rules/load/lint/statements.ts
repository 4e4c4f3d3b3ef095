import type { RuleFile } from '../../../generated/rule-file.ts';
import type { Path } from '../finding.ts';
import { entries, has, isBroken, keys, type LintContext, reportUnknown } from './context.ts';

type FileWarning = NonNullable<RuleFile['accepts']>[number];

/** Statements are promises: each is fulfilled by something, and nothing fulfils one that was never made. */
export function lintStatements(context: LintContext): ReadonlySet<FileWarning> {
  const { file, report } = context;
  const fulfilled = new Set<string>();
  const sources: [Path, readonly (string | undefined)[]][] = [
    ...entries(file.perks).map(([id, perk]): [Path, readonly (string | undefined)[]] => [
      ['perks', id, 'source'],
      perk.source ?? [],
    ]),
    ...entries(file.rules).map(([id, rule]): [Path, readonly (string | undefined)[]] => [
      ['rules', id, 'source'],
      rule.source ?? [],
    ]),
  ];
  for (const [path, source] of sources) {
    for (const [index, statement] of source.entries()) {
      if (statement === undefined) continue;
      fulfilled.add(statement);
      if (
        has(file.statements, statement) ||
        isBroken(context, ['statements', statement]) ||
        isBroken(context, ['statements'])
      )
        continue;
      const message = `there is no statement \`${statement}\`: say under \`statements\` what was promised`;
      reportUnknown(context, 'unknown_statement', statement, [...path, index], message, keys(file.statements));
    }
  }
  const found = new Set<FileWarning>();
  if (hasBrokenSource(context)) return found;
  for (const statement of keys(file.statements)) {
    if (fulfilled.has(statement)) continue;
    found.add('statement_without_source');
    if (file.accepts?.includes('statement_without_source') === true) continue;
    const message = `nothing fulfils \`${statement}\`: name it in the \`source\` of a perk or a rule`;
    report({ code: 'statement_without_source', message, path: ['statements', statement], atKey: true });
  }
  return found;
}

/** A part that could name more statements was reported and left out. */
function hasBrokenSource({ broken }: LintContext): boolean {
  return [...broken].some((pointer) => /^\/(perks|rules)(\/[^/]+(\/source.*)?)?$/.test(pointer));
}

/** What is accepted for the whole file and is not there. */
export function lintAccepted({ file, report }: LintContext, found: ReadonlySet<FileWarning>): void {
  for (const [index, warning] of (file.accepts ?? []).entries()) {
    if (warning === undefined || found.has(warning)) continue;
    const message = `there is no warning \`${warning}\` in this file to accept: leave it out`;
    report({ code: 'nothing_to_accept', message, path: ['accepts', index] });
  }
}
