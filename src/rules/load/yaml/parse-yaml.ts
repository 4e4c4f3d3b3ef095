import { LineCounter, parseDocument, type YAMLError } from 'yaml';
import type { Problem, Report } from '../finding.ts';
import { explainKey, lineAround } from './explain-key.ts';
import type { Source } from './source.ts';

const MOST_ERRORS = 100;

/** The text of a rule file as a tree with positions. Never throws; what is wrong with it as YAML is reported. */
export function parseYaml(text: string, file: string, report: Report): Source | undefined {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      // YAML 1.2 and nothing else: `no` is a text, and there are no dates.
      version: '1.2',
      schema: 'core',
      merge: false,
      // Told with our own words, while the tree is read.
      uniqueKeys: false,
      prettyErrors: false,
      lineCounter: lines,
      // Not `silent`, which would also keep quiet about a second document.
      logLevel: 'error',
    });
    // Most errors behind the first one only follow from it; a tab on each of many lines is worth telling each time.
    const errors = document.errors.filter((error, index) => index === 0 || error.code === 'TAB_AS_INDENT');
    for (const error of errors.slice(0, MOST_ERRORS)) report(explain(error, text));
    const { yaml } = document.directives;
    if (yaml.explicit === true)
      report({ code: 'yaml_syntax', message: 'a rule file needs no `%YAML` line: leave it out', path: [], offset: 0 });
    return { file, text, document, lines };
  } catch (error) {
    // The parser is recursive: only nesting without end makes it fail.
    if (!(error instanceof RangeError)) throw error;
    report({ code: 'too_large', message: 'this is nested too deeply to be read', path: [], offset: 0 });
    return undefined;
  }
}

function explain(error: YAMLError, text: string): Problem {
  const [offset] = error.pos;
  const problem = (code: Problem['code'], message: string, at = offset): Problem => ({
    code,
    message,
    path: [],
    offset: at,
  });
  const line = lineAround(text, offset);
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return problem('tab', 'there is a tab here; indent with spaces');
    case 'MULTIPLE_DOCS':
      return problem('several_documents', 'a file holds one rule set: a second one begins here, at `---`');
    case 'BLOCK_IN_FLOW':
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return explainKey(text, offset);
    case 'BAD_SCALAR_START':
      return problem('text_needs_quotes', `a text that begins with \`${text.charAt(offset)}\` needs quotes`);
    case 'UNEXPECTED_TOKEN':
      return unexpected(text, offset, line);
    case 'MISSING_CHAR':
      return /quote/.test(error.message)
        ? problem('yaml_syntax', 'a quote is opened and never closed', Math.min(offset, text.length))
        : problem('yaml_syntax', 'something is missing here, such as `:` or a comma');
    case 'BAD_INDENT':
      return /end with a [}\]]/.test(error.message)
        ? problem('yaml_syntax', `a \`${error.message.endsWith('}') ? '}' : ']'}\` is missing before this`)
        : problem(
            'yaml_syntax',
            'the indentation does not fit: everything of one block begins in the same column',
            offset + (/^ */.exec(text.slice(offset))?.[0].length ?? 0),
          );
    case 'RESOURCE_EXHAUSTION':
      return problem('too_large', 'this is nested too deeply to be read');
    case 'BAD_ALIAS':
      return problem('bad_alias', 'an alias (`*`) must name something marked with `&` before it');
    case 'TAG_RESOLVE_FAILED':
      return problem('custom_tag', 'tags (`!`) have no place in a rule file: leave it out');
    case 'BAD_DQ_ESCAPE':
      return problem(
        'yaml_syntax',
        'in double quotes a `\\` has a meaning of its own: write `\\\\`, or use single quotes',
      );
    default:
      return problem(
        'yaml_syntax',
        `this is not YAML: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`,
      );
  }
}

function unexpected(text: string, offset: number, line: string): Problem {
  // `says: {amount} credits`: the text before the error is a map, and was meant as a placeholder.
  const before = text.slice(0, offset);
  const brace = /:\s+(\{+\w*\}+)\s*$/.exec(before);
  if (brace !== null) {
    const at = offset - (brace[0].length - brace[0].indexOf('{'));
    return {
      code: 'text_needs_quotes',
      message: `a text that begins with \`${brace[1]?.charAt(0)}\` needs quotes: \`"${brace[1]} …"\``,
      path: [],
      offset: at,
    };
  }
  if (/['"]\s*$/.test(before) && /['"]/.test(line)) {
    const message = 'the text ends before this: inside quotes, write the other kind of quotes, or the same kind twice';
    return { code: 'text_needs_quotes', message, path: [], offset };
  }
  const found = text.charAt(offset);
  return {
    code: 'yaml_syntax',
    message: /[}\]]/.test(found)
      ? `there is a \`${found}\` too many, or its opening is missing`
      : 'this does not belong here: check the indentation, and the quotes and braces before it',
    path: [],
    offset,
  };
}
