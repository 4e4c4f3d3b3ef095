import { formatInstant } from '../../domain/instant.ts';
import { numberText } from '../../domain/number-text.ts';
import type { Impact } from './impact.ts';

/**
 * Why an impact is less than it looks like, to people and to a gate: it was one on nobody, or on others than publishing counts.
 * Undefined where it is what it looks like.
 */
export function warningOf(
  impact: Pick<Impact, 'at' | 'members' | 'running' | 'tiers' | 'lose' | 'mixed'> & {
    readonly today?: Impact['today'];
  },
): string | undefined {
  const { at, members, running, tiers, today } = impact;
  if (members === 0) return 'there are no members in the store: nothing was compared';
  const all = `${numberText(members)} ${members === 1 ? 'member' : 'members'}`;
  // Without tiers there are no terms to run.
  const isNobody = running === 0 && Object.keys(tiers).length > 0;
  const nobody = `none of ${all} has a running term at ${formatInstant(at)}: only what everybody has was compared`;
  if (today === undefined) return isNobody ? nobody : undefined;
  const loseToday = today.lose + today.mixed;
  if (!isNobody && loseToday === impact.lose + impact.mixed) return undefined;
  const counted = `judged now, as publishing judges, ${numberText(loseToday)} of ${all} would lose something`;
  return isNobody ? `${nobody}; ${counted}` : counted;
}
