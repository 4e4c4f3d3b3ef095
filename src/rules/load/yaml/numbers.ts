import { isScalar, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Path } from '../finding.ts';

type Item = Pair<Node, Node | null>;

/**
 * Whether a pair of a flow map is only the rest of a number with commas: in `{starter: 300,000}` the parser finds the
 * number 300 and after it a key 000 without a value.
 */
export function isThousandsTail(
  map: YAMLMap<Node, Node | null>,
  previous: Item | undefined,
  item: Item,
  text: string,
): boolean {
  if (map.flow !== true || previous === undefined || item.value !== null || !isDigits(item.key, 3)) return false;
  if (!isScalar(previous.value) || !/^[+-]?\d+$/.test(previous.value.source ?? '')) return false;
  const from = previous.value.range?.[1] ?? 0;
  const to = item.key.range?.[0] ?? 0;
  // Between the two: one comma, or commas and other groups of three digits.
  return /^(?:,\s*\d{3})*,\s*$/.test(text.slice(from, to));
}

function isDigits(node: Node, many: number): boolean {
  return isScalar(node) && new RegExp(`^\\d{${many}}$`).test(node.source ?? '');
}

/** `300.000` where amounts are written: a fraction to YAML, three hundred thousand to many a writer. */
export function isDottedThousands(written: string, path: Path): boolean {
  return isAmount(path) && /^\d{1,3}(\.\d{3})+$/.test(written);
}

/** A number that is not written as people write one: `0x5`, `3e5`, `010`. */
export function isOddNumber(written: string, value: number): boolean {
  return Number.isFinite(value) && !/^[+-]?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(written);
}

/** A text that was meant as one number: `300,000`, `300_000`, `300 000`, `1.000.000`, `300'000`, `300k` is none. */
export function plainNumber(written: string): string | undefined {
  return /^[+-]?\d{1,3}(?:[,_' .\u00a0\u202f]\d{3})+$/.test(written) || /^[+-]?\d+(?:_\d+)+$/.test(written)
    ? written.replaceAll(/[^\d+-]/g, '')
    : undefined;
}

/** What a percentage was meant to be: `+20 %`, `20%`, `20 percent`. */
export function plainPercent(written: string): string | undefined {
  const match = /^\+?\s*(\d{1,6})(?:[.,](\d{1,4}))?\s*(?:%|percent)$/i.exec(written.trim());
  return match === null ? undefined : `+${match[1]}${match[2] === undefined ? '' : `.${match[2]}`}%`;
}

/** The numbers of a card: below `tiers` or `rows` of a perk. */
export function isAmount(path: Path): boolean {
  return path.length >= 4 && path[0] === 'perks' && (path[2] === 'tiers' || path[2] === 'rows');
}
