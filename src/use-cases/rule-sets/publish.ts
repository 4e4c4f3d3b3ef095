import { Problem } from '../../domain/problem.ts';
import type { Change } from '../../rules/diff/change.ts';
import type { Finding } from '../../rules/load/finding.ts';
import type { RuleBook, Version } from '../../rules/rule-set.ts';
import { checkCandidate } from './candidate.ts';
import { requireNewest, staleVersion } from './expected-version.ts';
import { newestNumber, soundBook } from './newest.ts';
import type { Loss, Publication, PublishingPorts, ScenarioVerdict } from './ports.ts';
import { requireAcceptedLoss, requirePassingScenarios } from './safeguards.ts';

export interface PublishRequest {
  readonly ruleSet: string;
  readonly yaml: string;
  /** The newest version that the caller knows, 0 for none; undefined where the caller does not say. */
  readonly expected: number | undefined;
  readonly author: string;
  readonly note: string;
  /** Everything is checked and nothing is written. */
  readonly dryRun?: boolean;
  /** The share of members, 0 to 1, that may lose something. */
  readonly acceptLoss?: number | undefined;
  /** Scenarios that replace those of the same name, as the text of a scenario file. */
  readonly scenarios?: string | undefined;
  /** The names of scenarios that may fail. */
  readonly acceptScenarios?: readonly string[];
  /** Set by a rollback: the version whose content it is. */
  readonly rollbackTo?: number;
}

export interface Published {
  readonly version: Version;
  readonly dryRun: boolean;
  readonly warnings: readonly Finding[];
  readonly changes: readonly Change[];
  /** Absent where no scenarios are known. */
  readonly verdict?: ScenarioVerdict;
  /** Absent where nobody asked how many lose. */
  readonly loss?: Loss;
}

/**
 * Publishes a text as the next version of a rule set: what is kept now, what the caller knows of it, the file, its promises, who
 * loses; then one atomic step. In force in this process when it resolves, in all others soon. Publishing never edits.
 */
export async function publish(ports: PublishingPorts, request: PublishRequest): Promise<Published> {
  const current = await ports.live.refresh();
  const book = soundBook(current);
  const { ruleSet, yaml, expected } = request;
  requireNewest(book, ruleSet, expected);
  const number = newestNumber(book, ruleSet) + 1;
  const at = ports.clock.now();
  const checked = checkCandidate(ports, { current, book, at }, { ruleSet, version: number, yaml });
  const verdict = await requirePassingScenarios(ports, checked.candidate, request);
  const loss = await requireAcceptedLoss(ports, checked.candidate, request);
  const { version } = checked.candidate;
  const published: Published = {
    version,
    dryRun: request.dryRun === true,
    warnings: checked.warnings,
    changes: checked.changes,
    ...(verdict === undefined ? {} : { verdict }),
    ...(loss === undefined ? {} : { loss }),
  };
  if (published.dryRun) return published;
  const publication: Publication = {
    version: number,
    digest: version.ref.digest,
    author: request.author,
    publishedAt: at,
    note: request.note,
    ...(request.rollbackTo === undefined ? {} : { rollbackTo: request.rollbackTo }),
    ...(request.scenarios === undefined ? {} : { scenarios: request.scenarios }),
  };
  const outcome = await ports.ruleSetStore.publish({ ruleSet, publication, yaml, from: version.from });
  switch (outcome) {
    case 'done':
      // It is published, also where it cannot be read back at once: then it is in force here a little later.
      await ports.live.refresh().catch(() => undefined);
      return published;
    case 'lost':
      throw overtaken(soundBook(await ports.live.refresh()), ruleSet, number - 1);
  }
}

/** Between the first look and the atomic step somebody else published or withdrew. */
function overtaken(book: RuleBook, ruleSet: string, expected: number): Problem {
  if (newestNumber(book, ruleSet) !== expected) return staleVersion(book, ruleSet, expected);
  return new Problem('stale_version', `\`${ruleSet}\` was changed at the same time: read it again and repeat`, {
    more: { newest: expected, diff: null },
  });
}
