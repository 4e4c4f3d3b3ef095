import { isMap, isScalar, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Path, Problem } from '../finding.ts';
import { isOddNumber, plainNumber } from './numbers.ts';

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
  const isRow = path[0] === 'perks' && path.length === 3 && path[2] === 'rows';
  if (typeof node.value === 'string') {
    const number = isRow && node.type === 'PLAIN' ? plainNumber(node.value) : undefined;
    return number === undefined ? undefined : withCommas(node.value, number);
  }
  const written = node.source ?? '';
  if (typeof node.value === 'number' && isRow) {
    if (isOddNumber(written, node.value)) return oddNumber(written, node.value);
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
  const other = /^([\w.-]+)\s*(?:=|：)\s*(\S.*)$/.exec(key);
  if (other !== null) {
    return { code: 'text_needs_quotes', message: `\`${key}\` is one text: write \`${other[1]}: ${other[2]}\`` };
  }
  const shown = key.length > 40 ? `${key.slice(0, 39)}…` : key;
  const message = /\w:\S/.test(key)
    ? `there is a space missing behind the \`:\` of \`${shown}\``
    : `\`${shown}\` stands alone between commas: put a text with a comma in it in quotes`;
  return { code: 'text_needs_quotes', message };
}

/** `{1,000: …}`: the first key is 1, and has no value; the second is 000, and has it. */
export function isThousandsKey(first: Pair<Node, Node | null>, second: Pair<Node, Node | null> | undefined): boolean {
  const written = (pair: Pair<Node, Node | null> | undefined) => (isScalar(pair?.key) ? (pair.key.source ?? '') : '');
  return (
    first.value === null && /^\d{1,3}$/.test(written(first)) && second?.value != null && /^\d{3}$/.test(written(second))
  );
}

export function withCommas(written: string, number: string): KeyProblem {
  return { code: 'thousands_separator', message: `\`${written}\` is not a plain number: write \`${number}\`` };
}

export function oddNumber(written: string, value: number): KeyProblem {
  return {
    code: 'odd_number',
    message: `\`${written}\` is read as ${value}: write \`${value}\`, or put a text in quotes`,
  };
}

/** `{{limit}}`: a map whose only key is a map. */
export function isBraces(map: YAMLMap<Node, Node | null>): boolean {
  const [only] = map.items;
  return map.flow === true && map.items.length === 1 && only?.value === null && isMap(only.key);
}
