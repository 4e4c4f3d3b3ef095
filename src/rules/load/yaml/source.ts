import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair } from 'yaml';
import { type Finding, type Path, type Problem, pointerOf, severityOf } from '../finding.ts';

/** A rule file as text and as a tree of nodes that know where they stand. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

/** The key of a pair as text, as `toData` makes it: numbers in their shortest form, so that 5 and 5.0 are one key. */
export function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  if (typeof key.value === 'string') return key.value;
  return typeof key.value === 'number' && Number.isFinite(key.value)
    ? String(key.value)
    : (key.source ?? String(key.value));
}

/** The node at a path and its key, or the nearest one above it that is there. */
export function locate({ document }: Source, path: Path): { readonly node: Node | null; readonly key: Node | null } {
  let node: Node | null = document.contents;
  let key: Node | null = null;
  for (const step of path) {
    const at = isAlias(node) ? node.resolve(document) : node;
    if (isMap(at)) {
      const pair = at.items.find((item) => keyText(item.key) === String(step)) as Pair<Node, Node | null> | undefined;
      if (pair === undefined) break;
      key = pair.key;
      node = pair.value ?? pair.key;
    } else if (isSeq(at)) {
      const item = at.items[Number(step)] as Node | undefined;
      if (item === undefined) break;
      node = item;
      key = null;
    } else break;
  }
  return { node, key };
}

/** What the user wrote at a path, on one line and not too long. */
export function excerpt(source: Source, path: Path): string {
  const range = locate(source, path).node?.range;
  if (range === undefined || range === null) return '';
  const written = source.text.slice(range[0], range[1]).trim();
  const line = written.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

export function toFinding(source: Source, problem: Problem): Finding {
  const { line, column } = positionOf(source, offsetOf(source, problem));
  return {
    severity: severityOf(problem.code),
    code: problem.code,
    message: problem.message,
    file: source.file,
    line,
    column,
    path: pointerOf(problem.path),
    ...(problem.didYouMean === undefined ? {} : { didYouMean: problem.didYouMean }),
  };
}

function offsetOf(source: Source, problem: Problem): number {
  if (problem.offset !== undefined) return problem.offset;
  const { node, key } = locate(source, problem.path);
  const place = problem.atKey === true && key !== null ? key : node;
  return place?.range?.[0] ?? 0;
}

/** INVARIANT: a position inside the text, also when the parser points behind its end. */
function positionOf({ text, lines }: Source, offset: number): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(Math.max(0, Math.min(offset, text.length)));
  return line < 1 ? { line: 1, column: 1 } : { line, column: col };
}
