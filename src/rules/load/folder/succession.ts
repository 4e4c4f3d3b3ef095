import { formatInstant, type Instant } from '../../../domain/instant.ts';
import type { Version } from '../../rule-set.ts';
import type { Problem } from '../finding.ts';

/** What a version owes to the one before it: it starts no earlier, and no tier that members may have is gone. */
export function successionProblems(previous: Version, next: Version): readonly Problem[] {
  const problems: Problem[] = [];
  if (next.from < previous.from) {
    const message = `version ${next.ref.version} would start before version ${previous.ref.version}, which starts at \`${formatInstant(previous.from)}\`: write a later instant`;
    problems.push({ code: 'version_order', message, path: ['effective', 'from'] });
  }
  const tiers = new Set(next.tiers.map((tier) => tier.id));
  for (const { id } of previous.tiers) {
    if (tiers.has(id)) continue;
    const message = `the tier \`${id}\` of version ${previous.ref.version} is gone, and members may have it: keep it, with \`retired: true\``;
    problems.push({ code: 'deleted_tier', message, path: ['tiers'], atKey: true });
  }
  return problems;
}

/** What is doubtful about the start of a version that is not published yet. `now`: absent where nobody knows the time. */
export function startProblems(
  previous: Version | undefined,
  { ref, from }: Version,
  now: Instant | undefined,
): readonly Problem[] {
  const path = ['effective', 'from'];
  if (previous !== undefined && from === previous.from) {
    const message = `version ${ref.version} starts when version ${previous.ref.version} does, and so also decides about the past: write the instant from which the change applies`;
    return [{ code: 'same_start', message, path }];
  }
  if (now === undefined || from > now) return [];
  const started = `version ${ref.version} has started, on \`${formatInstant(from)}\`, and is not locked: anybody may still change it`;
  const message =
    previous === undefined
      ? `${started}; run \`perkbook lock\` once it is published`
      : `${started}; run \`perkbook lock\` if it is published, else write an instant to come, so that the past stays as it was`;
  return [{ code: 'not_locked', message, path }];
}
