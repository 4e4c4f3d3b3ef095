import { formatInstant, type Instant } from '../../domain/instant.ts';
import type { RuleFile } from '../../generated/rule-file.ts';
import type { Version } from '../rule-set.ts';
import { type Replacement, replaceValues } from './replace-values.ts';

/** The old text with another number, from now on, for everybody. Nothing else of it changes. */
export function rolledBack(old: Version, number: number, at: Instant): string {
  const file = old.json as RuleFile;
  const policies: readonly Replacement[] = [
    ...(file.effective.existingMembers === undefined ? [] : [['effective', 'existingMembers'] as const]),
    ...Object.entries(file.perks ?? {})
      .filter(([, perk]) => perk.existingMembers !== undefined)
      .map(([id]) => ['perks', id, 'existingMembers'] as const),
  ].map((path) => ({ path, value: 'now' }));
  return replaceValues(old.yaml, [
    { path: ['version'], value: number },
    { path: ['effective', 'from'], value: formatInstant(at) },
    ...policies,
  ]);
}
