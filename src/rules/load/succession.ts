import { formatInstant } from '../../domain/instant.ts';
import type { Version } from '../rule-set.ts';
import type { Problem } from './finding.ts';

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
