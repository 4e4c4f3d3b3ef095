import { isMap, isScalar, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Path, Problem } from './finding.ts';

/** Why a pair is left out. */
type KeyProblem = Omit<Problem, 'path' | 'offset'>;

/**
 * What is wrong with a key, if anything. Nothing that looks like a name is ever a number: `5`, `1e3`, `true` and `null` as
 * keys are no texts to YAML, and are only welcome as rows of a table.
 */
export function checkKey(node: Node, key: string | undefined, path: Path): KeyProblem | undefined {
  if (key === undefined) {
    return { code: 'braces', message: 'this is a map where a name belongs: put a text with braces in quotes' };
  }
  if (!isScalar(node)) return undefined;
  if (key === '<<' && node.type === 'PLAIN') {
    return { code: 'merge_key', message: 'a rule file has no `<<`: write out what belongs here' };
  }
  if (typeof node.value === 'string') return undefined;
  const written = node.source ?? '';
  if (typeof node.value === 'number' && path[0] === 'perks' && path.length === 3 && path[2] === 'rows') {
    return Number.isFinite(node.value) && (!Number.isInteger(node.value) || Number.isSafeInteger(node.value))
      ? undefined
      : { code: 'number_too_large', message: `\`${written}\` is not a number that can be compared` };
  }
  const kind = typeof node.value === 'number' ? 'a number' : 'no text';
  return {
    code: 'key_not_text',
    message: `\`${written}\` is ${kind} to YAML, and a name belongs here: begin it with a letter, or put it in quotes`,
  };
}

/**
 * A key of a flow map without `:`, most often the rest of a text with a comma in it, or a `:` without a space behind it.
 */
export function standsAlone(
  map: YAMLMap<Node, Node | null>,
  pair: Pair<Node, Node | null>,
  key: string | undefined,
): KeyProblem | undefined {
  if (map.flow !== true || pair.value !== null || key === undefined) return undefined;
  const shown = key.length > 40 ? `${key.slice(0, 39)}…` : key;
  const message = /\w:\S/.test(key)
    ? `there is a space missing behind the \`:\` of \`${shown}\``
    : `\`${shown}\` stands alone between commas: put a text with a comma in it in quotes`;
  return { code: 'text_needs_quotes', message };
}

/** `{{limit}}`: a map whose only key is a map. */
export function isBraces(map: YAMLMap<Node, Node | null>): boolean {
  const [only] = map.items;
  return map.flow === true && map.items.length === 1 && only?.value === null && isMap(only.key);
}
