import { formatInstant } from '../../domain/instant.ts';
import { Problem } from '../../domain/problem.ts';
import { rolledBack } from '../../rules/edit/rolled-back.ts';
import { ruleSetNamed } from '../decisions/rule-set-named.ts';
import { newestNumber, newestVersion, soundBook, versionOf } from './newest.ts';
import type { PublishingPorts } from './ports.ts';
import { type Published, publish } from './publish.ts';

export interface RollbackRequest {
  readonly ruleSet: string;
  readonly to: number;
  readonly author: string;
  readonly note: string;
}

/**
 * Publishes the content of an old version anew, in force at once and for everybody: every `existingMembers` in it becomes `now`.
 * Its promises come back with it, and no safeguard stands in the way: this is what one does when something has gone wrong.
 */
export async function rollback(
  ports: PublishingPorts,
  { ruleSet, to, author, note }: RollbackRequest,
): Promise<Published> {
  const book = soundBook(await ports.live.refresh());
  const newest = newestVersion(ruleSetNamed(book, ruleSet));
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
  const yaml = rolledBack(old, expected + 1, at);
  const { scenarioCheck: _, lossCheck: __, ...unguarded } = ports;
  return publish({ ...unguarded, clock: { now: () => at } }, { ruleSet, yaml, expected, author, note, rollbackTo: to });
}
