import { isMap, isSeq } from 'yaml';
import type { Source } from '../../load/yaml/source.ts';
import { isComment, lineAt } from './lines.ts';
import { readForFormat } from './same-file.ts';

const STEP = 2;

/** Two blanks for each level, also for lists. What goes on in further lines is moved with the line that it began in. */
export function indentation(text: string): string {
  const source = readForFormat(text);
  const lines = text.split('\n');
  const wanted = new Map<number, number>();
  if (!walk(source, source.document.contents, 0, wanted)) return text;
  let delta = 0;
  return lines
    .map((line, index) => {
      if (line.trim() === '') return line;
      const indent = wanted.get(index);
      if (indent !== undefined) {
        delta = indent - indentOf(line);
        return ' '.repeat(indent) + line.trimStart().replace(/^- +(?=\S)/, '- ');
      }
      const moved = isComment(line)
        ? indentOf(line) + deltaOfComment(lines, index, wanted, delta)
        : indentOf(line) + delta;
      return ' '.repeat(Math.max(0, moved)) + line.trimStart();
    })
    .join('\n');
}

/** Notes how far each line that begins a key or an item is to be indented. False: something is laid out in a way that is left alone. */
function walk(source: Source, node: unknown, indent: number, wanted: Map<number, number>): boolean {
  if (isMap(node) && node.flow !== true) {
    return node.items.every(({ key, value }) => {
      const start = (key as { range?: [number, number, number] | null }).range?.[0] ?? 0;
      const line = lineAt(source, start);
      const before = beginning(source, start);
      if (before.trim() === '') wanted.set(line, indent);
      else if (!/^ *- +$/.test(before)) return false;
      return walk(source, value, indent + STEP, wanted);
    });
  }
  if (isSeq(node) && node.flow !== true) {
    return node.items.every((item) => {
      const start = (item as { range?: [number, number, number] | null } | null)?.range?.[0];
      if (start === undefined || !/^ *- +$/.test(beginning(source, start))) return false;
      wanted.set(lineAt(source, start), indent);
      return walk(source, item, indent + STEP, wanted);
    });
  }
  return true;
}

/** What stands before an offset in its line. */
function beginning({ text }: Source, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** A comment belongs to the line below it that is indented like it, else to the one above. */
function deltaOfComment(
  lines: readonly string[],
  index: number,
  wanted: ReadonlyMap<number, number>,
  above: number,
): number {
  let next = index + 1;
  while (next < lines.length && !wanted.has(next)) next++;
  const line = lines[next];
  const indent = wanted.get(next);
  if (line === undefined || indent === undefined || indentOf(line) !== indentOf(lines[index] ?? '')) return above;
  return indent - indentOf(line);
}
