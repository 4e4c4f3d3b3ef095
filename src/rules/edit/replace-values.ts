import { isDeepStrictEqual } from 'node:util';
import { isAlias, isScalar } from 'yaml';
import type { Path } from '../load/finding.ts';
import { parseYaml } from '../load/yaml/parse-yaml.ts';
import { locate, type Source } from '../load/yaml/source.ts';

/** A plain value in the place of another one. */
export interface Replacement {
  readonly path: Path;
  /** Written as it is: a number, or a word that needs no quotes. */
  readonly value: number | string;
}

/**
 * A rule file with some values replaced where they stand: comments, order and layout stay, and the text is never written anew.
 * INVARIANT: read again, the result says the same as before but for these values. The paths must be there.
 */
export function replaceValues(text: string, replacements: readonly Replacement[]): string {
  const source = read(text);
  const spans = new Map<number, { readonly start: number; readonly end: number; readonly value: string }>();
  for (const { path, value } of replacements) {
    const { node } = locate(source, path);
    const [start, end] = node?.range ?? [];
    if (!(isScalar(node) || isAlias(node)) || start === undefined || end === undefined)
      throw new Error(`\`${path.join('.')}\` has no value to replace`);
    // Two paths may lead to one place, by an alias.
    spans.set(start, { start, end, value: String(value) });
  }
  let result = text;
  for (const { start, end, value } of [...spans.values()].sort((a, b) => b.start - a.start)) {
    result = result.slice(0, start) + value + result.slice(end);
  }
  const wanted = dataOf(source);
  for (const { path, value } of replacements) setAt(wanted, path, value);
  if (!isDeepStrictEqual(dataOf(read(result)), wanted)) throw new Error('replacing these values would change others');
  return result;
}

function read(text: string): Source {
  const source = parseYaml(text, 'rules', (problem) => {
    throw new Error(problem.message);
  });
  if (source === undefined) throw new Error('the text cannot be read as YAML');
  return source;
}

/** Without what aliases share, so that one place can be set alone. */
function dataOf({ document }: Source): unknown {
  return JSON.parse(JSON.stringify(document.toJS()));
}

function setAt(data: unknown, path: Path, value: unknown): void {
  const key = path.at(-1);
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[String(step)], data);
  if (key === undefined || typeof parent !== 'object' || parent === null)
    throw new Error(`\`${path.join('.')}\` is not there`);
  (parent as Record<string, unknown>)[String(key)] = value;
}
