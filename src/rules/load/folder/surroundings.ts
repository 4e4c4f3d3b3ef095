import type { Instant } from '../../../domain/instant.ts';
import type { Version } from '../../rule-set.ts';
import { type CheckedFile, digestOf } from '../check-rule-file.ts';
import type { Finding, Problem } from '../finding.ts';
import { toFinding } from '../yaml/source.ts';
import type { Lock } from './lock.ts';
import type { VersionFile } from './rule-folder.ts';
import { startProblems, successionProblems } from './succession.ts';

/** What a version stands among. */
interface Surroundings {
  readonly number: number;
  readonly lock: Lock;
  /** Nothing is wrong with the lock: what it does not have is not published. */
  readonly isWhole: boolean;
  readonly versions: readonly VersionFile[];
  readonly previous: Version | undefined;
  readonly now: Instant | undefined;
}

/** The findings of a file with those that only show beside the lock, the version before it and the clock. */
export function withSurroundings(
  checked: CheckedFile,
  text: string,
  { number, lock, isWhole, versions, previous, now }: Surroundings,
): readonly Finding[] {
  const { findings, version } = checked;
  const more: Problem[] = [];
  const locked = lock.get(number);
  if (locked !== undefined && locked !== digestOf(text)) {
    const next = (versions.at(-1)?.version ?? number) + 1;
    const message = `version ${number} has been published, and its file has changed since: undo that, and make the change in a copy called \`v${next}.yaml\` with \`version: ${next}\``;
    more.push({ code: 'changed_version', message, path: ['version'] });
  }
  if (version !== undefined && previous !== undefined) more.push(...successionProblems(previous, version));
  // What is published cannot start at another time any more.
  if (version !== undefined && locked === undefined && isWhole) more.push(...startProblems(previous, version, now));
  // The tree is asked for only where something is wrong: whoever remembers what was checked would have to read it again.
  const source = more.length === 0 ? undefined : checked.source;
  return source === undefined ? findings : [...more.map((problem) => toFinding(source, problem)), ...findings];
}
