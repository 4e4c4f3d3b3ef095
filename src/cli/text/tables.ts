import type { Cells } from '../../rules/pages/matrix-cells.ts';
import { tableOf } from '../../rules/pages/page-as-markdown.ts';
import type { Colours } from '../frame/terminal.ts';

export type { Cells } from '../../rules/pages/matrix-cells.ts';

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
  return `${tableOf(cells)}\n`;
}

/** As RFC 4180 has it, for a spreadsheet: a cell that it could take for a formula begins with an apostrophe. */
export function csvTable(cells: Cells): string {
  return cells.map((row) => `${row.map(csvText).join(',')}\r\n`).join('');
}

function csvText(text: string): string {
  const harmless = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) || harmless !== harmless.trim() ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
