import { isScalar, visit } from 'yaml';
import type { Source } from '../../load/yaml/source.ts';

/** The line of an offset, from 0. */
export function lineAt({ lines }: Source, offset: number): number {
  return lines.linePos(offset).line - 1;
}

/** The lines that a text over several lines goes on in: blanks in them may be part of it. */
export function insideTexts(source: Source): ReadonlySet<number> {
  const inside = new Set<number>();
  visit(source.document, {
    Scalar: (_, node) => {
      const [start, end] = node.range ?? [0, 0];
      if (!isScalar(node) || !source.text.slice(start, end).includes('\n')) return;
      for (let line = lineAt(source, start) + 1; line <= lineAt(source, Math.max(start, end - 1)); line++)
        inside.add(line);
    },
  });
  return inside;
}

export function isComment(line: string | undefined): boolean {
  return line !== undefined && /^\s*#/.test(line);
}

/** Where the comments directly above a line begin. */
export function withComments(lines: readonly string[], line: number): number {
  let first = line;
  while (first > 0 && isComment(lines[first - 1])) first--;
  return first;
}
