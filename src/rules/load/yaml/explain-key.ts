import type { Problem } from '../finding.ts';

/** Why a key cannot be one, which the parser only says of its place: between braces a comma, else a colon, a space or the indentation. */
export function explainKey(text: string, offset: number): Problem {
  const line = lineAround(text, offset);
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const at = (code: Problem['code'], message: string, column: number): Problem => ({
    code,
    message,
    path: [],
    offset: start + Math.max(0, column),
  });
  const open = line.search(/[{[]/);
  if (open !== -1 && start + open < offset) {
    const semicolon = line.indexOf(';', open);
    if (semicolon !== -1) return at('yaml_syntax', 'a `;` separates nothing here: write a comma', semicolon);
    const missing = /([{,]\s*[\w."']+:\s+[^,{}[\]:]*?)\s+["']?[\w.]+["']?:\s/.exec(line.slice(open));
    if (missing !== null)
      return at('yaml_syntax', 'a comma is missing here', open + missing.index + (missing[1] ?? '').length);
  }
  const wide = line.indexOf('：');
  if (wide !== -1) return at('yaml_syntax', '`：` is not the colon of YAML: write `:` and a space', wide);
  if (/: .*: /.test(line)) {
    const message = 'there is a second `: ` here; put a text with a colon in it in quotes';
    return { code: 'text_needs_quotes', message, path: [], offset };
  }
  const [, indent = '', word = '', sign] = /^(\s*)([\w.]+)(:(?=\S)|(?=\s|$))/.exec(line) ?? [];
  if (sign === ':')
    return at('yaml_syntax', `a space is missing behind the \`:\` of \`${word}\``, indent.length + word.length);
  if (word !== '') return at('yaml_syntax', `a \`:\` is missing behind \`${word}\``, indent.length);
  return (
    overIndented(text, start, line) ?? {
      code: 'yaml_syntax',
      message: 'the indentation does not fit: check how far this line and the one before are indented',
      path: [],
      offset,
    }
  );
}

/** A line with a value of its own, and behind it one that is indented further: that one is wrong. */
function overIndented(text: string, start: number, line: string): Problem | undefined {
  const next = start + line.length + 1;
  const below = lineAround(text, next);
  const indent = (written: string) => written.length - written.trimStart().length;
  if (next >= text.length || below.trim() === '' || indent(below) <= indent(line)) return undefined;
  const message =
    'this line is indented further than the one above, which has its value already: begin both in the same column';
  return { code: 'yaml_syntax', message, path: [], offset: next + indent(below) };
}

export function lineAround(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end === -1 ? undefined : end);
}
