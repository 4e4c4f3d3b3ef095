import { formatInstant } from '../../domain/instant.ts';
import { Problem } from '../../domain/problem.ts';
import { ruleSetNamed } from '../decisions/rule-set-named.ts';
import { requireNewest } from './expected-version.ts';
import { newestNumber, soundBook, versionOf } from './newest.ts';
import type { PublishingPorts } from './ports.ts';

/**
 * Takes back the newest version before it starts; its number is free again. Throws `unknown_version` (404), and `version_started`
 * (409) where it has started or another one lies on top: such a version has judged, or will be fallen back to.
 */
export async function withdraw(
  ports: PublishingPorts,
  id: string,
  number: number,
  expected: number | undefined,
): Promise<void> {
  const book = soundBook(await ports.live.refresh());
  if (expected !== undefined) requireNewest(book, ruleSetNamed(book, id).id, expected);
  const ruleSet = ruleSetNamed(book, id);
  const version = versionOf(book, id, number);
  if (version === undefined) {
    throw new Problem(
      'unknown_version',
      `rule set \`${id}\` has no version \`${number}\`; the newest is ${newestNumber(book, id)}`,
    );
  }
  const newest = newestNumber(book, id);
  if (number !== newest) {
    throw new Problem(
      'version_started',
      `only the newest version can be withdrawn, and that is ${newest}: withdraw it first, or roll back`,
    );
  }
  if (version.from <= ports.clock.now()) {
    throw new Problem(
      'version_started',
      `version ${number} started at \`${formatInstant(version.from)}\` and decisions have been made by it: publish another one, or roll back`,
    );
  }
  if (ruleSet.versions.length === 1 && book.ruleSets.size === 1) {
    throw new Problem(
      'version_started',
      `version ${number} is all that there is, and a server cannot go on without rules`,
    );
  }
  const outcome = await ports.ruleSetStore.withdraw(id, number, version.ref.digest);
  await ports.live.refresh();
  if (outcome === 'lost') {
    throw new Problem('stale_version', `\`${id}\` was changed at the same time: read it again and repeat`, {
      more: { newest: newestNumber(ports.live.book, id), diff: null },
    });
  }
}
