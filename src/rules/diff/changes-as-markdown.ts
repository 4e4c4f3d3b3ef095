import { markdownText } from '../pages/markdown-text.ts';
import type { Change, Verdict } from './change.ts';
import { changesInWords, NO_CHANGE } from './changes-as-text.ts';

const WORDS: Readonly<Record<Verdict, string>> = { better: ' (better)', worse: ' (worse)', neither: '' };

/** A list for a review or a changelog. */
export function changesAsMarkdown(changes: readonly Change[]): string {
  if (changes.length === 0) return `${NO_CHANGE}\n`;
  const lines = changes.map(({ verdict, sentence }) => `- ${markdownText(sentence)}${WORDS[verdict]}`);
  return `${lines.join('\n')}\n\n${changesInWords(changes)}\n`;
}
