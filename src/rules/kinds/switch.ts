import type { Verb } from '../../domain/perk.ts';
import { accessRequirements, accessTo, extraFor, isOpenToAll, judgingRank } from './access.ts';
import { compareParts } from './compare.ts';
import type { Asker, Kind, KindContext } from './kind.ts';

/** Yes or no. */
export function switchKind({ perk, afterEnd }: KindContext, levels: readonly boolean[]): Kind {
  const has = (rank: number) => levels[rank] === true;
  return {
    name: 'switch',
    unit: '',
    requirements: (verb) => accessRequirements(perk, 'switch', verb),
    planned: has,
    claims: [],
    ranks: levels.length,
    counts: 'switch',
    withLevels: (planned, word) =>
      switchKind(
        { perk, afterEnd: word },
        planned.map((each) => each === true),
      ),
    compare: compareParts,
    find({ member, standing, at }: Asker, verb: Verb) {
      const extra = extraFor(member, perk, at);
      const access = accessTo('switch', verb, afterEnd, standing, has, extra);
      const included = isOpenToAll('switch', verb)
        ? extra > 0 || has(judgingRank(standing, afterEnd))
        : access === 'granted';
      return { facts: { access }, values: { kind: 'switch', included }, until: null, effect: null };
    },
  };
}
