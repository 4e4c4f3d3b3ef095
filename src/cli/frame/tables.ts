import type { AfterEnd } from '../../domain/perk.ts';
import type { Matrix, MatrixRow } from '../../rules/matrix.ts';
import { markdownText } from '../../rules/pages/markdown-text.ts';
import type { Colours } from './terminal.ts';

/** Rows of texts, the first of them the head. */
export type Cells = readonly (readonly string[])[];

const numbers = new Intl.NumberFormat('en');

/** The matrix as texts: a row for each perk, and for each key of a table perk. */
export function matrixCells({ tiers, rows }: Matrix): Cells {
  const [first] = tiers;
  const head = ['Perk', ...tiers.map((tier) => tier.title), 'After the end'];
  return [
    head,
    ...rows.flatMap((row) =>
      rowsOf(
        row,
        tiers.map(({ id }) => id),
        first?.title ?? '',
      ),
    ),
  ];
}

function rowsOf(row: MatrixRow, tiers: readonly string[], firstTier: string): Cells {
  const after = afterText(row.afterEnd, firstTier);
  if (row.kind !== 'table') return [[row.title, ...tiers.map((tier) => row.text[tier] ?? ''), after]];
  const byTier = tiers.map((tier) => row.planned[tier]);
  const keys = new Set(byTier.flatMap((each) => (typeof each === 'object' && each !== null ? Object.keys(each) : [])));
  return [...keys].map((key) => {
    const amounts = byTier.map((each) => (typeof each === 'object' && each !== null ? (each[key] ?? null) : null));
    return [
      `${row.title}: ${key}`,
      ...amounts.map((amount) => (amount === null || amount === 0 ? 'no' : numbers.format(amount))),
      after,
    ];
  });
}

function afterText(afterEnd: AfterEnd, firstTier: string): string {
  switch (afterEnd) {
    case 'keeps':
      return 'stays';
    case 'frozen':
      return 'what is there stays, nothing new';
    case 'freeLevel':
      return `as ${firstTier}`;
    case 'loses':
      return 'ends';
  }
}

/** In columns, numbers and words alike to the left: they are read, not added up. */
export function terminalTable(cells: Cells, colours: Colours): string {
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => widthOf(row[column] ?? ''))));
  const lines = cells.map((row, index) => {
    const line = row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
      .join('  ')
      .trimEnd();
    return index === 0 ? colours.bold(line) : line;
  });
  return `${lines.join('\n')}\n`;
}

/** Wide characters take two columns, combining ones none. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text.normalize()) {
    if (/\p{Mn}|\p{Me}|\p{Cf}/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

export function markdownTable(cells: Cells): string {
  const [head = [], ...rows] = cells;
  const line = (row: readonly string[]) => `| ${row.map((cell) => markdownText(cell)).join(' | ')} |`;
  return `${[line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n')}\n`;
}

/** As RFC 4180 has it, for a spreadsheet: a cell that it could take for a formula begins with an apostrophe. */
export function csvTable(cells: Cells): string {
  return cells.map((row) => `${row.map(csvText).join(',')}\r\n`).join('');
}

function csvText(text: string): string {
  const harmless = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) || harmless !== harmless.trim() ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
