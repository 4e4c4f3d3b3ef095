/** A text as Markdown that shows it and nothing else: no markup, tag, table cell, list or link comes of it. */
export function markdownText(text: string): string {
  return (
    text
      .replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ')
      .replace(/\p{Cc}+/gu, ' ')
      .replace(/[\\`*_[\]<>|~]/g, '\\$&')
      .replace(/&/g, '&amp;')
      // What makes a line a heading, a list or a rule only does so where the line begins.
      .replace(/^(\s*)([#+\-=])/, '$1\\$2')
      .replace(/^(\s*\d+)([.)])/, '$1\\$2')
  );
}
