import { betterCard } from './better-card.ts';
import type { Action, Card, Gate, Part, Policy, Version } from './rule-set.ts';

/** Whether a version with this policy takes over from the ones before it, for one member. `better`: number by number. */
export type TakesOver = (version: Version, policy: Policy) => 'yes' | 'no' | 'better';

/**
 * The version that judges one member, put together perk by perk: the versions that have started are folded in number order, each
 * perk by its own policy, everything else by the file's. `started` is never empty; its first judges where no other does.
 */
export function composeVersion(started: readonly Version[], takesOver: TakesOver): Version {
  const [first] = started;
  if (first === undefined) throw new Error('there is no version to judge by');
  const base = started.reduce(
    (current, next) => (takesOver(next, next.existingMembers) === 'no' ? current : next),
    first,
  );
  const picked = new Map<string, Card | undefined>();
  for (const version of started) {
    for (const id of new Set([...picked.keys(), ...version.cards.keys()])) {
      picked.set(id, nextCard(picked.get(id), version, id, version === first, takesOver));
    }
  }
  const cards = new Map(order(started, base).flatMap((id) => pair(id, picked.get(id))));
  const actions = new Map(base.actions);
  // An action that came later is still known to a member whom it does not apply to: as one that the plan does not have.
  for (const version of started)
    for (const [id, action] of version.actions) if (!actions.has(id)) actions.set(id, action);
  for (const [id, action] of actions) actions.set(id, { ...action, parts: partsOf(action, started, base, cards) });
  return Object.freeze({ ...base, cards, actions, mixed: mixedOf(cards, base) });
}

function nextCard(
  current: Card | undefined,
  version: Version,
  id: string,
  isFirst: boolean,
  takesOver: TakesOver,
): Card | undefined {
  const next = version.cards.get(id);
  if (isFirst) return next;
  switch (takesOver(version, next?.existingMembers ?? version.existingMembers)) {
    case 'yes':
      return next;
    case 'no':
      return current;
    case 'better':
      // A perk that only one of the two has is better than none.
      return current === undefined || next === undefined ? (next ?? current) : betterCard(current, next);
  }
}

/** Perks in the order of the version that judges all else; those that only another has come after. */
function order(started: readonly Version[], base: Version): readonly string[] {
  return [...new Set([...base.cards.keys(), ...started.flatMap((version) => [...version.cards.keys()])])];
}

function pair(id: string, card: Card | undefined): readonly (readonly [string, Card])[] {
  return card === undefined ? [] : [[id, card]];
}

function partsOf(
  action: Action,
  started: readonly Version[],
  base: Version,
  cards: ReadonlyMap<string, Card>,
): readonly Part[] {
  const parts: Part[] = [];
  for (const card of cards.values()) {
    // As the newest of the versions that judge the perk has it.
    const judging = started.findLast((version) => card.versions.includes(version.ref.version));
    const part = judging?.actions.get(action.id)?.parts.find((each) => each.card.id === card.id);
    if (part !== undefined) parts.push({ ...part, card });
  }
  const [withheld] = action.parts;
  const isNew = withheld !== undefined && parts.length === 0 && !existedBefore(action.id, withheld.card.id, started);
  return isNew || !base.actions.has(action.id) ? [...parts, ...action.parts.slice(0, 1).map(withhold)] : parts;
}

/** Whether an action was there before the perk that now decides it. */
function existedBefore(action: string, perk: string, started: readonly Version[]): boolean {
  return started.some((version) => version.actions.has(action) && !version.cards.has(perk));
}

function withhold(part: Part): Part {
  const gate: Gate = {
    name: `${part.card.id}.not_in_plan`,
    code: 'not_in_plan',
    condition: { not: { all: [] } },
    holds: () => false,
  };
  return { ...part, when: null, first: null, gates: [gate] };
}

function mixedOf(cards: ReadonlyMap<string, Card>, base: Version): Version['mixed'] {
  const others = [...cards.values()].filter(
    (card) => card.versions.length > 1 || card.versions[0] !== base.ref.version,
  );
  return others.length === 0 ? null : Object.fromEntries(others.map((card) => [card.id, card.versions]));
}
