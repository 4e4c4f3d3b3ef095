import { isDeepStrictEqual } from 'node:util';
import { isAlias, isCollection, isMap, isSeq, type Node } from 'yaml';
import { didYouMean } from '../../domain/did-you-mean.ts';
import type { Path } from '../load/finding.ts';
import { parseYaml } from '../load/yaml/parse-yaml.ts';
import { keyText, type Source } from '../load/yaml/source.ts';
import { toData } from '../load/yaml/to-data.ts';
import { EditRefused } from './edit-refused.ts';
import { type EditedValue, valueAsText } from './scalar-text.ts';

/** A file with one line changed, or with none where the value was that already. */
export interface Edited {
  readonly text: string;
  /** The value's place in the file, from its top. */
  readonly path: Path;
  /** From 1. */
  readonly line: number;
  /** The line before and after, without its end. */
  readonly before: string;
  readonly after: string;
  /** The value before. */
  readonly from: unknown;
}

/**
 * Writes one value of a rule file in the place of another. Comments, order and layout stay: the text is cut at the value's place and
 * never written anew. INVARIANT: the two texts differ in one line at most, and say the same but for this value; an edit
 * that would not is refused.
 */
export function editAt(text: string, path: Path, value: EditedValue): Edited {
  const source = read(text);
  const data = dataOf(source);
  const { node, flow } = find(source, path);
  const [start, end] = node.range ?? [0, 0];
  const written = text.slice(start, end);
  if (/[\r\n]/.test(written))
    throw new EditRefused(`\`${nameOf(path)}\` stands on several lines: change it in the file itself`);
  const from = at(data, path);
  const same = isDeepStrictEqual(from, value);
  const edited = same ? text : text.slice(0, start) + valueAsText(value, flow) + text.slice(end);
  prove(text, edited, start, withValue(data, path, value));
  const line = text.slice(0, start).split('\n').length;
  const lineOf = (whole: string) => (whole.split('\n')[line - 1] ?? '').replace(/\r$/, '');
  return { text: edited, path, line, before: lineOf(text), after: lineOf(edited), from };
}

function read(text: string): Source {
  const source = parseYaml(text, 'rules', ({ message }) => {
    throw new EditRefused(`this file cannot be edited before it is put right: ${message}`);
  });
  if (source === undefined) throw new EditRefused('this file cannot be read as YAML');
  return source;
}

function dataOf(source: Source): unknown {
  const { data } = toData(source, ({ message }) => {
    throw new EditRefused(`this file cannot be edited before it is put right: ${message}`);
  });
  return data;
}

/** The node at a path, which must be there itself and not by an alias, and whether it stands between braces. */
function find({ document }: Source, path: Path): { readonly node: Node; readonly flow: boolean } {
  let node: unknown = document.contents;
  let flow = false;
  for (const [index, step] of path.entries()) {
    const next = stepInto(node, step);
    if (next === undefined) throw notThere(path, index, node);
    if (isCollection(node) && node.flow === true) flow = true;
    node = next;
  }
  if (node === null || typeof node !== 'object')
    throw new EditRefused(`\`${nameOf(path)}\` has no value yet: write it into the file`);
  return { node: node as Node, flow };
}

function stepInto(node: unknown, step: string | number): unknown {
  if (isMap(node)) return node.items.find(({ key }) => keyText(key) === String(step))?.value;
  if (isSeq(node)) return node.items[Number(step)];
  return undefined;
}

function notThere(path: Path, index: number, node: unknown): EditRefused {
  const step = String(path[index]);
  if (isAlias(node)) {
    return new EditRefused(
      `\`${nameOf(path.slice(0, index))}\` is written elsewhere (\`*${node.source}\`): change it there`,
    );
  }
  const known = isMap(node) ? node.items.map(({ key }) => keyText(key) ?? '') : [];
  const place = index === 0 ? 'in this file' : `in \`${nameOf(path.slice(0, index))}\``;
  return new EditRefused(`there is no \`${step}\` ${place}`, didYouMean(step, known));
}

function nameOf(path: Path): string {
  return path.join('.');
}

function at(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string, unknown>)[String(step)], data);
}

function withValue(data: unknown, path: Path, value: EditedValue): unknown {
  const copy = structuredClone(data);
  const key = path.at(-1);
  if (key === undefined) return value;
  (at(copy, path.slice(0, -1)) as Record<string, unknown>)[String(key)] = value;
  return copy;
}

/** Throws where the new text says anything else than wanted, or differs anywhere else than in the line of the edit. */
function prove(text: string, edited: string, start: number, wanted: unknown): void {
  const line = text.slice(0, start).split('\n').length - 1;
  const [before, after] = [text.split('\n'), edited.split('\n')];
  const elsewhere =
    before.length !== after.length || before.some((each, index) => index !== line && each !== after[index]);
  // In this order too: what stands in a file twice would be changed in both places by an alias.
  if (elsewhere || JSON.stringify(dataOf(read(edited))) !== JSON.stringify(wanted))
    throw new EditRefused('this would change more than the one value: change it in the file itself');
}
