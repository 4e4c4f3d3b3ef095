import { CST, Lexer } from 'yaml';

const OPENING = new Set(['{', '[']);
const CLOSING = new Set(['}', ']']);

/** `{ a : 1,b: 2 }` as `{a: 1, b: 2}`. What stands before a comment or at the beginning of a line stays. */
export function flowSpaces(text: string): string {
  const tokens = tokensOf(text);
  let depth = 0;
  let result = '';
  for (const [index, token] of tokens.entries()) {
    if (token.mark && OPENING.has(token.text)) depth++;
    if (token.mark && CLOSING.has(token.text)) depth--;
    const previous = tokens[index - 1];
    const next = tokens[index + 1];
    if (depth === 0 && !closes(next)) {
      result += token.text;
      continue;
    }
    if (isBlank(token)) {
      result += depth === 0 ? token.text : between(previous, token.text, next);
      continue;
    }
    result += token.text;
    const parts = token.mark && (token.text === ',' || token.text === ':');
    if (depth > 0 && parts && next !== undefined && !isBlank(next) && !endsLine(next)) result += ' ';
  }
  return result;
}

interface Token {
  readonly text: string;
  /** No scalar: a brace, a comma, blanks, a comment. */
  readonly mark: boolean;
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let isScalar = false;
  for (const each of new Lexer().lex(text)) {
    const control = each === CST.DOCUMENT || each === CST.SCALAR || each === CST.FLOW_END;
    if (!control) tokens.push({ text: each, mark: !isScalar });
    isScalar = each === CST.SCALAR;
  }
  return tokens;
}

function between(previous: Token | undefined, blanks: string, next: Token | undefined): string {
  if (previous === undefined || next === undefined || previous.text.endsWith('\n') || endsLine(next)) return blanks;
  if (previous.mark && OPENING.has(previous.text)) return '';
  if (closes(next) || (next.mark && (next.text === ',' || next.text === ':'))) return '';
  return previous.mark && (previous.text === ',' || previous.text === ':') ? ' ' : blanks;
}

function closes(token: Token | undefined): boolean {
  return token?.mark === true && CLOSING.has(token.text);
}

function isBlank({ text, mark }: Token): boolean {
  return mark && /^ +$/.test(text);
}

function endsLine({ text, mark }: Token): boolean {
  return mark && (text.startsWith('\n') || text.startsWith('#'));
}
