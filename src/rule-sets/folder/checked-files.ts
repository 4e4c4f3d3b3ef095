import { type CheckedFile, type CheckOptions, checkRuleFile, digestOf } from '../../rules/load/check-rule-file.ts';
import { readPublished } from '../../rules/load/folder/read-published.ts';

/** So many texts may be tried out before those that nobody has asked for since are forgotten. */
const MOST = 200;

/**
 * Remembers what was checked and compiled, because texts are large and of many only one is new: the texts of the last two loads, and
 * those tried out since. The tree of a text is not kept; it is only needed where something is wrong, and read again then.
 */
export class CheckedFiles {
  #recent = new Map<string, CheckedFile>();
  #older = new Map<string, CheckedFile>();

  /** Forgets what has not been asked for since the last call. */
  beginLoad(): void {
    this.#older = this.#recent;
    this.#recent = new Map();
  }

  readonly check = (text: string, options: CheckOptions): CheckedFile => {
    const { ruleSet = '', version = 0 } = options.expected ?? {};
    // What was once trusted, because it was published, is no answer for a candidate with the same text.
    const key = `${ruleSet} ${version} ${options.published === true} ${options.file} ${digestOf(text)}`;
    const known = this.#recent.get(key) ?? this.#older.get(key) ?? withoutTree(text, options);
    this.#recent.set(key, known);
    if (this.#recent.size > MOST + this.#older.size) this.beginLoad();
    return known;
  };

  /** For a candidate, whose digest stands in a lock only as though it were published already. */
  readonly checkCandidate = (text: string, options: CheckOptions): CheckedFile =>
    this.check(text, { ...options, published: false });
}

function withoutTree(text: string, options: CheckOptions): CheckedFile {
  const published = options.published === true ? readPublished(text, options) : undefined;
  const { findings, version } = published ?? checkRuleFile(text, options);
  return {
    findings,
    ...(version === undefined ? {} : { version }),
    get source() {
      return checkRuleFile(text, options).source;
    },
  };
}
