import { Problem } from '../../domain/problem.ts';
import type { Change } from '../../rules/diff/change.ts';
import { diffVersions } from '../../rules/diff/diff-versions.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { newestNumber, versionOf } from './newest.ts';

/** What lies between two versions. */
export interface Difference {
  readonly from: number;
  readonly to: number;
  readonly changes: readonly Change[];
}

/** What has changed from one version to another; undefined where one of them is not there. */
export function differenceOf(book: RuleBook, ruleSet: string, from: number, to: number): Difference | undefined {
  const [before, after] = [versionOf(book, ruleSet, from), versionOf(book, ruleSet, to)];
  if (before === undefined || after === undefined) return undefined;
  return { from, to, changes: diffVersions(before, after) };
}

/**
 * The newest version must be the one that the caller knows, so that nobody publishes on top of what they have not seen.
 * Throws `precondition_required` (428) where the caller does not say, and `stale_version` (412) with what has changed since.
 */
export function requireNewest(book: RuleBook, ruleSet: string, expected: number | undefined): void {
  const newest = newestNumber(book, ruleSet);
  if (expected === undefined) {
    throw new Problem(
      'precondition_required',
      `say which version is the newest one that you know: \`If-Match: "${newest}"\``,
    );
  }
  if (expected !== newest) throw staleVersion(book, ruleSet, expected);
}

export function staleVersion(book: RuleBook, ruleSet: string, expected: number): Problem {
  const newest = newestNumber(book, ruleSet);
  const diff = differenceOf(book, ruleSet, expected, newest);
  const since = diff === undefined ? '' : '; `diff` says what has changed since';
  return new Problem(
    'stale_version',
    `the newest version of \`${ruleSet}\` is ${newest}, not ${expected}${since}: make the change on top of it`,
    { more: { newest, diff: diff ?? null } },
  );
}
