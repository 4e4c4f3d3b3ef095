import { formatInstant } from '../../domain/instant.ts';
import { Problem } from '../../domain/problem.ts';
import { diffVersions } from '../../rules/diff/diff-versions.ts';
import { rolledBack } from '../../rules/edit/rolled-back.ts';
import type { RuleSet, Version } from '../../rules/rule-set.ts';
import { ruleSetNamed } from '../decisions/rule-set-named.ts';
import { newestNumber, newestVersion, soundBook, versionOf } from './newest.ts';
import type { Publication, PublishingPorts } from './ports.ts';
import { promisedBy } from './promised-by.ts';
import { type Published, publish } from './publish.ts';

export interface RollbackRequest {
  readonly ruleSet: string;
  readonly to: number;
  readonly author: string;
  readonly note: string;
}

/**
 * Publishes the content of an old version anew, in force at once and for everybody: every `existingMembers` in it becomes `now`.
 * Its promises come back with it, and no safeguard stands in the way: this is what one does when something has gone wrong. Throws
 * `version_scheduled` (409), and `nothing_changes` (409) where all is so already: a second click would only make history longer.
 */
export async function rollback(
  ports: PublishingPorts,
  { ruleSet, to, author, note }: RollbackRequest,
): Promise<Published> {
  const book = soundBook(await ports.live.refresh());
  const known = ruleSetNamed(book, ruleSet);
  const newest = newestVersion(known);
  const old = versionOf(book, ruleSet, to);
  const at = ports.clock.now();
  if (newest === undefined || old === undefined) {
    throw new Problem(
      'unknown_version',
      `rule set \`${ruleSet}\` has no version \`${to}\`; the newest is ${newestNumber(book, ruleSet)}`,
      {
        field: '/to',
      },
    );
  }
  if (newest.from > at) {
    throw new Problem(
      'version_scheduled',
      `version ${newest.ref.version} is scheduled for \`${formatInstant(newest.from)}\`: withdraw it first`,
    );
  }
  const expected = newest.ref.version;
  if (isForEverybody(newest, known) && isSame(newest, old, ports.live.history.get(ruleSet) ?? [])) {
    const so =
      to === expected
        ? `version ${to} is in force for everybody already`
        : `version ${expected}, which is in force for everybody, says the same as version ${to}`;
    throw new Problem('nothing_changes', `${so}: there is nothing to go back to`);
  }
  const yaml = rolledBack(old, expected + 1, at);
  const { scenarioCheck: _, lossCheck: __, ...unguarded } = ports;
  return publish({ ...unguarded, clock: { now: () => at } }, { ruleSet, yaml, expected, author, note, rollbackTo: to });
}

/** Whether no version before it judges anybody any more. */
function isForEverybody({ existingMembers, cards }: Version, { versions }: RuleSet): boolean {
  return (
    versions.length === 1 ||
    [existingMembers, ...[...cards.values()].map((card) => card.existingMembers)].every((each) => each === 'now')
  );
}

/** Whether two versions say and promise the same; whom they were for when they came is not looked at. */
function isSame(newest: Version, old: Version, history: readonly Publication[]): boolean {
  const promises = ({ ref }: Version) => promisedBy(history, ref.version).map(({ version }) => version);
  return (
    promises(newest).join() === promises(old).join() &&
    diffVersions(newest, old).every(({ what }) => what === 'existingMembers')
  );
}
