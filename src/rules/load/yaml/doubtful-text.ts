import { isScalar, type Scalar, visit } from 'yaml';
import type { Report } from '../finding.ts';
import type { Source } from './source.ts';
import { keyText } from './source.ts';

/** What the parser reads without a word, and people most likely did not mean: tabs between words, texts that a `#` cuts off. */
export function reportDoubtfulText({ text, document }: Source, report: Report): void {
  const scalars: Scalar[] = [];
  const keys = new Set<unknown>();
  visit(document, {
    Pair: (_, pair) => {
      keys.add(pair.key);
      const key = keyText(pair.key);
      if (isScalar(pair.value) && key !== undefined && pair.value.type === 'PLAIN')
        checkComment(text, key, pair.value, report);
    },
    Scalar: (_, node) => void scalars.push(node),
  });
  if (text.includes('\t')) reportTabs(text, scalars, report);
}

/** A comment that is meant has a space behind its `#`, and behind a text of several words two before it. */
function checkComment(text: string, key: string, { value, range }: Scalar, report: Report): void {
  if (typeof value !== 'string' || range == null) return;
  const behind = /^( +)#(.?)/.exec(text.slice(range[1], range[1] + 200));
  if (behind === null) return;
  const [, space = '', next = ''] = behind;
  const isClose = !/^[\s#]?$/.test(next);
  const isBehindText = space.length === 1 && /\s/.test(value);
  if (!isClose && !isBehindText) return;
  const message = `a comment begins here, and \`${key}\` ends before it: put the text in quotes, or two spaces before the comment`;
  report({ code: 'comment_in_text', message, path: [], offset: range[1] + space.length });
}

function reportTabs(text: string, scalars: readonly Scalar[], report: Report): void {
  const inside = scalars.flatMap(({ range }) => (range == null ? [] : [range]));
  for (const { index, 0: found } of text.matchAll(/\t+/g)) {
    const start = text.lastIndexOf('\n', index) + 1;
    const rest = text.slice(
      index + found.length,
      text.indexOf('\n', index) === -1 ? undefined : text.indexOf('\n', index),
    );
    const isQuoted = inside.some(([from, to]) => from <= index && index < to);
    const isComment = /(?:^|\s)#/.test(text.slice(start, index));
    if (isQuoted || isComment || rest.trim() === '' || rest.trim().startsWith('#')) continue;
    report({ code: 'tab', message: 'there is a tab here: write a space', path: [], offset: index });
  }
}
