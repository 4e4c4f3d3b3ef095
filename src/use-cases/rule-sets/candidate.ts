import { formatInstant, type Instant } from '../../domain/instant.ts';
import { Problem } from '../../domain/problem.ts';
import type { Change } from '../../rules/diff/change.ts';
import { diffVersions } from '../../rules/diff/diff-versions.ts';
import type { Finding } from '../../rules/load/finding.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { errorsIn, newestVersion } from './newest.ts';
import type { Candidate, CandidateText, Current, PublishingPorts } from './ports.ts';
import { startFinding } from './start-finding.ts';

/** A candidate that can be published, as far as its file says. */
export interface Checked {
  readonly candidate: Candidate;
  /** What is doubtful in it. */
  readonly warnings: readonly Finding[];
  /** What it changes; empty for a first version. */
  readonly changes: readonly Change[];
}

/** Judges a text as the next version of its rule set. Throws `invalid_rule_set` (422) with all findings. `at`: the instant of publishing. */
export function checkCandidate(
  { live }: Pick<PublishingPorts, 'live'>,
  { current, book, at }: { readonly current: Current; readonly book: RuleBook; readonly at: Instant },
  text: CandidateText,
): Checked {
  const tried = live.tryOut(current, text);
  const file = tried.files.find(({ ruleSet, version }) => ruleSet === text.ruleSet && version === text.version);
  const version = newestVersion(tried.book?.ruleSets.get(text.ruleSet));
  const findings = [...errorsIn(tried.findings), ...(file?.findings ?? []).filter((each) => each.severity !== 'error')];
  const tooEarly =
    version !== undefined && text.version > 1 && version.from < at
      ? [
          startFinding(
            text,
            `version ${text.version} would start in the past, and decisions have been made since: write an instant from \`${formatInstant(at)}\` on`,
          ),
        ]
      : [];
  if (tried.book === undefined || version === undefined || tooEarly.length > 0) {
    throw invalidRuleSet([...tooEarly, ...findings]);
  }
  const previous = newestVersion(book.ruleSets.get(text.ruleSet));
  const history = live.history.get(text.ruleSet) ?? [];
  return {
    candidate: { version, book: tried.book, previous, history },
    warnings: findings,
    changes: previous === undefined ? [] : diffVersions(previous, version),
  };
}

/** Says all that is wrong with a rule file. */
export function invalidRuleSet(findings: readonly Finding[]): Problem {
  const errors = errorsIn(findings).length;
  return new Problem(
    'invalid_rule_set',
    `the rule file has ${errors} ${errors === 1 ? 'error' : 'errors'}; \`findings\` says where: nothing was published`,
    { more: { findings } },
  );
}
