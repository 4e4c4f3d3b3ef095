import { isMap, type Node, type YAMLMap } from 'yaml';
import { keyText } from '../../load/yaml/source.ts';
import { insideTexts, lineAt, withComments } from './lines.ts';
import { readForFormat } from './same-file.ts';

/** Parts of a file that stand for themselves, where they go over several lines. */
const SECTIONS = new Set([
  'statements',
  'tiers',
  'calendar',
  'perks',
  'actions',
  'rules',
  'conditions',
  'attributes',
  'resources',
]);

/** No blanks at the ends of lines; one empty line between cards and before each section, none twice, and none at the ends of the file. */
export function blankLines(text: string): string {
  const source = readForFormat(text);
  const kept = insideTexts(source);
  const lines = text.split('\n').map((line, index) => (kept.has(index) ? line : line.trimEnd()));
  const apart = new Set<number>();
  const stand = (key: Node) => {
    const line = withComments(lines, lineAt(source, key.range?.[0] ?? 0));
    if (line > 0) apart.add(line);
  };
  const { contents } = source.document;
  if (isBlock(contents)) {
    for (const { key, value } of contents.items) {
      const name = keyText(key) ?? '';
      if (!SECTIONS.has(name) || !isBlock(value)) continue;
      stand(key);
      if (name !== 'perks') continue;
      for (const card of value.items.slice(1)) if (isBlock(card.value)) stand(card.key);
    }
  }
  const result: string[] = [];
  for (const [index, line] of lines.entries()) {
    const again = line === '' && !kept.has(index) && (result.length === 0 || result.at(-1) === '');
    if (again) continue;
    if (apart.has(index) && result.length > 0 && result.at(-1) !== '') result.push('');
    result.push(line);
  }
  while (result.at(-1) === '' && !kept.has(lines.length - 1)) result.pop();
  return `${result.join('\n')}\n`;
}

function isBlock(node: unknown): node is YAMLMap<Node, Node | null> {
  return isMap(node) && node.flow !== true;
}
