import type { Change, Verdict } from './change.ts';

const SIGNS: Readonly<Record<Verdict, string>> = { better: '+', worse: '-', neither: ' ' };

export const NO_CHANGE = 'no change of meaning';

/** A line for each change: `+` where members get more by it, `-` where they get less. */
export function changesAsText(changes: readonly Change[]): string {
  const lines = changes.map(({ verdict, sentence }) => `${SIGNS[verdict]} ${oneLine(sentence)}`);
  return `${[...lines, changesInWords(changes)].join('\n')}\n`;
}

/** `3 changes: 1 better, 1 worse`. */
export function changesInWords(changes: readonly Change[]): string {
  if (changes.length === 0) return NO_CHANGE;
  const count = (verdict: Verdict) => changes.filter((each) => each.verdict === verdict).length;
  const parts = (['better', 'worse'] as const).flatMap((verdict) => {
    const many = count(verdict);
    return many === 0 ? [] : [`${many} ${verdict}`];
  });
  const total = `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`;
  return parts.length === 0 ? total : `${total}: ${parts.join(', ')}`;
}

/** Texts of rule files go to terminals: no line of theirs may look like one of ours, and nothing steers the terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
