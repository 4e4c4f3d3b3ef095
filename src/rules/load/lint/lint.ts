import type { Report } from '../finding.ts';
import type { Shaped } from '../shape/shape.ts';
import type { Source } from '../yaml/source.ts';
import { lintActions } from './actions.ts';
import { lintClaims } from './claims.ts';
import { lintComparisons } from './comparisons.ts';
import { lintConditionInputs } from './condition-inputs.ts';
import { lintConditions } from './conditions.ts';
import { brokenKeysOf, keys, type LintContext } from './context.ts';
import { lintFairness } from './fairness.ts';
import { type Expected, lintHead } from './head.ts';
import { lintInputs } from './inputs.ts';
import { lintPerks } from './perks.ts';
import { lintSays } from './says.ts';
import { lintAccepted, lintStatements } from './statements.ts';
import { lintSubjects } from './subjects.ts';
import { lintTiers } from './tiers.ts';

/** What a schema cannot see: that everything named is there, fits together and is meant. One file per topic. */
export function lint({ file, broken }: Shaped, source: Source, report: Report, expected: Expected | undefined): void {
  const context: LintContext = {
    file,
    source,
    broken,
    brokenKeys: brokenKeysOf(broken),
    report,
    tiers: keys(file.tiers),
  };
  lintHead(context, expected);
  lintTiers(context);
  lintFairness(context);
  lintPerks(context);
  lintActions(context);
  lintInputs(context);
  lintClaims(context);
  lintSays(context);
  const { unused, finite } = lintConditions(context);
  lintComparisons(context);
  lintConditionInputs(context);
  const warnings = new Set(lintStatements(context));
  if (unused) warnings.add('unused_condition');
  if (finite && lintSubjects(context)) warnings.add('id_without_type');
  lintAccepted(context, warnings);
}
