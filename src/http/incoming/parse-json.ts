import { Problem } from '../../domain/problem.ts';
import { isDeeperThan } from './json-depth.ts';

// Leaves a byte order mark out, which some clients send.
const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Looking for the position parses again and again, so it is only done for texts that a person may have written. */
const LONGEST_SEARCHED = 65_536;
/** Far beyond what any body here means, and far below what the stack holds. */
const DEEPEST = 100;

/** The body as JSON. Of a key that is there twice the last counts; `__proto__` is a key like any other. */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0) throw new Problem('malformed_json', 'the body is empty; send a JSON object');
  if (isDeeperThan(DEEPEST, bytes)) {
    throw new Problem(
      'malformed_json',
      `the body has lists or objects more than ${DEEPEST} levels deep; send it flatter`,
    );
  }
  const text = decode(bytes);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed(text, error);
  }
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new Problem('malformed_json', 'the body is not valid UTF-8', { cause });
  }
}

function malformed(text: string, error: unknown): Problem {
  const offset = offsetOf(text, error);
  if (offset === undefined) return new Problem('malformed_json', 'the body is not valid JSON', { cause: error });
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  const found = offset < text.length ? `\`${String.fromCodePoint(text.codePointAt(offset) ?? 0)}\`` : 'the end';
  return new Problem(
    'malformed_json',
    `the body is not valid JSON: ${found} is not expected at line ${line}, column ${column} (position ${offset})`,
    { cause: error },
  );
}

/** Where the text stops being JSON. The engine says so for most errors; for the others it is searched for. */
function offsetOf(text: string, error: unknown): number | undefined {
  const said = saidOffset(error, text);
  if (said !== undefined || text.length > LONGEST_SEARCHED) return said;
  // A beginning of the text is either wrong already or only incomplete, and once it is wrong it stays so.
  let fine = 0;
  let wrong = text.length;
  while (wrong - fine > 1) {
    const middle = (fine + wrong) >>> 1;
    if (isIncomplete(text.slice(0, middle))) fine = middle;
    else wrong = middle;
  }
  return fine;
}

function saidOffset(error: unknown, text: string): number | undefined {
  const message = error instanceof Error ? error.message : '';
  if (message.startsWith('Unexpected end') || message.startsWith('Unterminated')) return text.length;
  const position = /at position (\d+)/.exec(message)?.[1];
  return position === undefined ? undefined : Number(position);
}

function isIncomplete(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return true;
  } catch (error) {
    return saidOffset(error, beginning) === beginning.length;
  }
}
