import { CST, Lexer } from 'yaml';
import { isRecord } from '../../load/shape/tree.ts';
import { parseYaml } from '../../load/yaml/parse-yaml.ts';
import type { Source } from '../../load/yaml/source.ts';
import { toData } from '../../load/yaml/to-data.ts';
import { EditRefused } from '../edit-refused.ts';

/** A text that can be formatted: readable as YAML, whatever else is wrong with it. */
export function readForFormat(text: string): Source {
  const source = parseYaml(text, 'rules', ({ message }) => {
    throw new EditRefused(message);
  });
  if (source === undefined) throw new EditRefused('this cannot be read as YAML');
  return source;
}

/** Whether two texts say the same, in the same order but for the properties of cards, with the same comments in the same order. */
export function saysTheSame(before: string, after: string): boolean {
  return fingerprint(before) === fingerprint(after);
}

function fingerprint(text: string): string | undefined {
  const problems: string[] = [];
  const source = parseYaml(text, 'rules', ({ message }) => problems.push(message));
  if (source === undefined || problems.length > 0) return undefined;
  const { data } = toData(source, ({ message }) => problems.push(message));
  return JSON.stringify([withSortedCards(data), commentsIn(text), problems]);
}

function withSortedCards(data: unknown): unknown {
  if (!isRecord(data) || !isRecord(data.perks)) return data;
  const perks = Object.entries(data.perks).map(([id, card]) => [
    id,
    isRecord(card) ? Object.entries(card).sort(([a], [b]) => (a < b ? -1 : 1)) : card,
  ]);
  return { ...data, perks };
}

/** The comments of a text, without the blanks behind them. */
export function commentsIn(text: string): readonly string[] {
  const comments: string[] = [];
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (!isScalar && CST.tokenType(token) === 'comment') comments.push(token.trimEnd());
    isScalar = token === CST.SCALAR;
  }
  return comments;
}
