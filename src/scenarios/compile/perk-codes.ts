import { isCounted, isOpenToAll } from '../../rules/kinds/access.ts';
import type { Planned } from '../../rules/kinds/kind.ts';
import type { Card, Part, Version } from '../../rules/rule-set.ts';

/**
 * The codes that a perk can give where this tier judges, as though it were the only perk of its actions, and without extras.
 * The first tier judges those who never had a term and those whose terms are over.
 */
export function codesOf(card: Card, rank: number, tiers: number): ReadonlySet<string> {
  const codes = new Set<string>();
  const ranks = Array.from({ length: tiers }, (_, i) => i);
  const paid = ranks.slice(1);
  const had = (except: number) => paid.some((each) => each !== except && hasSome(card.kind.planned(each)));
  for (const verb of new Set(card.actions.map((each) => each.verb))) {
    if (isOpenToAll(card.kind.name, verb)) {
      codes.add('allow');
      continue;
    }
    const requirements = card.kind.requirements(verb);
    if (requirements.some(({ first }) => first === true)) codes.add('value_not_listed');
    /** As far as this rank's numbers decide. */
    const byNumbers = (level: number) => {
      const planned = card.kind.planned(level);
      if (!hasSome(planned)) return;
      codes.add('allow');
      if (!isCounted(card.kind.name, verb)) return;
      for (const { code, first } of requirements) {
        if (first === true || code === 'not_in_plan' || code === 'membership_ended') continue;
        if (card.kind.name === 'grant' || isBounded(planned)) codes.add(code);
      }
    };
    byNumbers(rank);
    if (rank > 0) {
      if (lacksSome(card.kind.planned(rank))) {
        codes.add('not_in_plan');
        if (had(rank)) codes.add('membership_ended');
      }
      continue;
    }
    if (lacksSome(card.kind.planned(0))) codes.add('not_in_plan');
    if (paid.length === 0) continue;
    switch (card.afterEnd) {
      case 'keeps':
        if (verb === 'show') codes.add('allow');
        else
          for (const level of paid) {
            byNumbers(level);
            if (lacksSome(card.kind.planned(level)) && had(level)) codes.add('membership_ended');
          }
        break;
      case 'frozen':
        codes.add(verb === 'show' ? 'allow' : 'membership_ended');
        break;
      case 'loses':
        codes.add('membership_ended');
        break;
      case 'freeLevel':
        if (lacksSome(card.kind.planned(0)) && had(0)) codes.add('membership_ended');
    }
  }
  return codes;
}

/** What an answer without facts can say of a perk. Of several perks of an action, only the first that denies can say so. */
export function codesWithoutFacts(card: Card, { actions }: Version): ReadonlySet<string> {
  const codes = new Set<string>();
  for (const { action } of card.actions) {
    const { parts, checks } = actions.get(action) ?? { parts: [], checks: [] };
    if (checks.some(({ reads }) => reads.member)) continue;
    const index = parts.findIndex((part) => part.card.id === card.id);
    const own = parts[index];
    if (own === undefined) continue;
    if (deniesWithoutFacts(own)) {
      if (!parts.slice(0, index).some((part) => part.when === null && deniesWithoutFacts(part)))
        codes.add('facts_unavailable');
    } else if (!parts.some((part) => part.when === null && deniesWithoutFacts(part))) codes.add('allow');
  }
  return codes;
}

function deniesWithoutFacts({ card, verb }: Part): boolean {
  return card.whenFactsUnavailable === 'deny' && !isOpenToAll(card.kind.name, verb);
}

function levels(planned: Planned): readonly (boolean | number | null)[] {
  return typeof planned === 'object' && planned !== null ? Object.values(planned) : [planned];
}

function hasSome(planned: Planned): boolean {
  return levels(planned).some((level) => level !== 0 && level !== false);
}

/** Of a table each row counts; a limit with several measures is lacking only where all of them are 0. */
function lacksSome(planned: Planned): boolean {
  return levels(planned).some((level) => level === 0 || level === false);
}

function isBounded(planned: Planned): boolean {
  return levels(planned).some((level) => typeof level === 'number');
}
