import { isMap, type Node, type YAMLMap } from 'yaml';
import { keyText, type Source } from '../../load/yaml/source.ts';
import { lineAt, withComments } from './lines.ts';
import { readForFormat, saysTheSame } from './same-file.ts';

/** The properties of a card as the guide has them: what it is, who gets how much, what is left, where it counts, what is said. */
const ORDER = [
  'title',
  'source',
  'kind',
  'per',
  'of',
  'by',
  'holds',
  'tiers',
  'rows',
  'afterEnd',
  'existingMembers',
  'whenFactsUnavailable',
  'accepts',
  'actions',
  'echoes',
  'says',
];

/** Every card with its properties in the usual order. A card whose comments would change places with it stays as it is. */
export function propertyOrder(text: string): string {
  let source = readForFormat(text);
  for (const perk of perksOf(source)) {
    const ordered = withOrderedCard(source, perk);
    if (ordered !== source.text && saysTheSame(source.text, ordered)) source = readForFormat(ordered);
  }
  return source.text;
}

function perksOf({ document }: Source): readonly string[] {
  const perks = isMap(document.contents) ? document.contents.get('perks') : undefined;
  return isMap(perks) ? perks.items.flatMap(({ key }) => keyText(key) ?? []) : [];
}

function withOrderedCard(source: Source, perk: string): string {
  const { text } = source;
  const card = cardOf(source, perk);
  if (card === undefined || card.flow === true) return text;
  const lines = text.split('\n');
  const blocks = blocksOf(source, card, lines);
  const sorted = blocks.toSorted((a, b) => a.rank - b.rank);
  const [first, last] = [blocks[0], blocks.at(-1)];
  if (first === undefined || last === undefined || sorted.every((block, index) => block === blocks[index])) return text;
  return [
    ...lines.slice(0, first.start),
    ...sorted.flatMap(({ start, end }) => lines.slice(start, end)),
    ...lines.slice(last.end),
  ].join('\n');
}

function cardOf({ document }: Source, perk: string): YAMLMap<Node, Node | null> | undefined {
  const perks = isMap(document.contents) ? document.contents.get('perks') : undefined;
  const card = isMap(perks) ? perks.items.find(({ key }) => keyText(key) === perk)?.value : undefined;
  return isMap(card) ? (card as YAMLMap<Node, Node | null>) : undefined;
}

interface Block {
  readonly start: number;
  readonly end: number;
  readonly rank: number;
}

/** The lines of each property, with the comments above it. */
function blocksOf(source: Source, card: YAMLMap<Node, Node | null>, lines: readonly string[]): readonly Block[] {
  const starts = card.items.map(({ key }) => withComments(lines, lineAt(source, key.range?.[0] ?? 0)));
  return card.items.map(({ key, value }, index) => {
    const end = (value ?? key).range?.[1] ?? 0;
    const rank = ORDER.indexOf(keyText(key) ?? '');
    return {
      start: starts[index] ?? 0,
      end: starts[index + 1] ?? lineAt(source, Math.max(0, end - 1)) + 1,
      rank: rank === -1 ? ORDER.length : rank,
    };
  });
}
