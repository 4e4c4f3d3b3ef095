import { createColors } from 'picocolors';
import { type Finding, sentenceOf } from './finding.ts';

const WIDEST = 160;

/**
 * A finding for people:
 *
 *     rules/x/v1.yaml:25:22 error unknown_tier: …; did you mean `starter`?
 *       tiers: {free: 0, statrer: 3}
 *                        ^
 */
export function renderFinding(finding: Finding, sourceText: string, colours: boolean): string {
  const paint = createColors(colours);
  const severity = finding.severity === 'error' ? paint.red('error') : paint.yellow('warning');
  const place = paint.cyan(`${finding.file}:${finding.line}:${finding.column}`);
  const head = `${place} ${severity} ${paint.dim(`${finding.code}:`)} ${sentenceOf(finding)}`;
  const written = lineOf(sourceText, finding.line);
  if (written.trim() === '') return head;
  // A very long line is cut so that the place is still in it.
  const from = finding.column > WIDEST - 20 ? finding.column - 1 - 60 : 0;
  const shown = written.slice(from, from + WIDEST);
  // Tabs stay tabs, so that the caret stands below its character whatever their width.
  const before = shown.slice(0, finding.column - 1 - from).replace(/[^\t]/g, ' ');
  return `${head}\n  ${shown}\n  ${before}${paint.bold('^')}`;
}

/** One line of the text, from 1, without its end. */
function lineOf(text: string, line: number): string {
  let start = 0;
  for (let n = 1; n < line; n++) {
    const end = text.indexOf('\n', start);
    if (end === -1) return '';
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  return text.slice(start, end === -1 ? undefined : end).replace(/\r$/, '');
}
