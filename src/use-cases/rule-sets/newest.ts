import { Problem } from '../../domain/problem.ts';
import type { Finding } from '../../rules/load/finding.ts';
import type { RuleBook, RuleSet, Version } from '../../rules/rule-set.ts';
import type { Current } from './ports.ts';

/** The newest version of a rule set; undefined where it has none. */
export function newestVersion(ruleSet: RuleSet | undefined): Version | undefined {
  return ruleSet?.versions.at(-1);
}

/** The number of the newest version; 0 where there is none. */
export function newestNumber(book: RuleBook, id: string): number {
  return newestVersion(book.ruleSets.get(id))?.ref.version ?? 0;
}

export function versionOf(book: RuleBook, id: string, number: number): Version | undefined {
  return book.ruleSets.get(id)?.versions.find(({ ref }) => ref.version === number);
}

/** The book of what is kept now. Throws `broken_rules` when it has errors: nothing can be published on top of them. */
export function soundBook({ loaded: { book, findings } }: Current): RuleBook {
  if (book !== undefined) return book;
  const errors = errorsIn(findings);
  const [first] = errors;
  const place = first === undefined ? '' : ` (\`${first.file}\`, line ${first.line})`;
  throw new Problem(
    'broken_rules',
    `the rules that are kept now have errors${place}, and older ones are in force: mend them before anything is published`,
    { more: { findings: errors } },
  );
}

export function errorsIn(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ severity }) => severity === 'error');
}
