import { markdownText } from './markdown-text.ts';
import type { Cells } from './matrix-cells.ts';
import type { Page, PagePerk, PageRule, PageStatement } from './page.ts';

/** The page as Markdown. */
export function pageAsMarkdown(page: Page): string {
  const blocks = [
    `# ${markdownText(page.title)}`,
    `Version ${page.version}, from ${page.from}.`,
    ...(page.table === null ? [] : ['## What every tier gets', tableOf(page.table)]),
    ...(page.notes.length === 0 ? [] : [page.notes.map(item).join('\n')]),
    ...(page.perks.length === 0 ? [] : ['## Perk by perk', ...page.perks.flatMap(perkBlocks)]),
    ...(page.rules.length === 0
      ? []
      : [page.perks.length === 0 ? '## Who may do what' : '## What else holds', ...page.rules.flatMap(ruleBlocks)]),
    ...(page.statements.length === 0 ? [] : ['## What was promised', statementList(page.statements)]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function perkBlocks({ title, afterEnd, says, statements }: PagePerk): readonly string[] {
  return [
    `### ${markdownText(title)}`,
    ...(statements.length === 0 ? [] : [statementList(statements)]),
    `After the end: ${markdownText(afterEnd)}`,
    ...(says.length === 0
      ? []
      : [
          `What is said:\n\n${says.map(({ when, text }) => `- ${markdownText(when)}: “${markdownText(text)}”`).join('\n')}`,
        ]),
  ];
}

function ruleBlocks({ title, says, statements }: PageRule): readonly string[] {
  return [
    `### ${markdownText(title)}`,
    ...(statements.length === 0 ? [] : [statementList(statements)]),
    ...(says.length === 0 ? [] : [`What is said:\n\n${says.map((text) => `- “${markdownText(text)}”`).join('\n')}`]),
  ];
}

function statementList(statements: readonly PageStatement[]): string {
  return statements.map(({ id, text }) => `- **${markdownText(id)}** ${markdownText(text)}`).join('\n');
}

function item(text: string): string {
  return `- ${markdownText(text)}`;
}

export function tableOf(cells: Cells): string {
  const [head = [], ...rows] = cells;
  const line = (row: readonly string[]) => `| ${row.map((cell) => markdownText(cell)).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}
