import type { Action, Card, Gate, Part, Policy, Version } from '../rule-set.ts';
import { betterCard } from './better-card.ts';

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
  const actions = new Map<string, Action>();
  for (const [id, action] of [...base.actions, ...started.toReversed().flatMap((version) => [...version.actions])]) {
    if (actions.has(id)) continue;
    const parts = partsOf(id, started, cards);
    // Elsewhere than in the version that judges all else an action is there only through a perk that is judged by another.
    const isThere = base.actions.has(id) ? parts.length > 0 || !isDecidedByNewPerks(action, started) : parts.length > 0;
    if (isThere) actions.set(id, { ...action, parts });
  }
  return Object.freeze({ ...base, cards, actions, mixed: mixedOf(cards, base) });
}

/**
 * An action that the version which judges does not have: it came later, or is gone. Denied, because the plan does not have it, and
 * not unknown: the service that asks has made no mistake.
 */
export function absentAction(id: string, title: string): Action {
  const gate: Gate = {
    name: `${id}.not_in_plan`,
    code: 'not_in_plan',
    says: null,
    title,
    condition: { not: { all: [] } },
    named: {},
    holds: () => false,
  };
  const reads = { member: true, terms: true };
  return { id, title, input: {}, resource: null, checks: [{ ...gate, reads }], parts: [], answers: [], source: [] };
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

/** The perks that take part in an action, each as the newest of the versions that judge it has it. */
function partsOf(action: string, started: readonly Version[], cards: ReadonlyMap<string, Card>): readonly Part[] {
  return [...cards.values()].flatMap((card) => {
    const judging = started.findLast((version) => card.versions.includes(version.ref.version));
    const part = judging?.actions.get(action)?.parts.find((each) => each.card.id === card.id);
    return part === undefined ? [] : [{ ...part, card }];
  });
}

/** Whether an action was never there without the perks that decide it, none of which judges this member yet. */
function isDecidedByNewPerks({ id, parts }: Action, started: readonly Version[]): boolean {
  const [perk] = parts;
  return perk !== undefined && !started.some((version) => version.actions.has(id) && !version.cards.has(perk.card.id));
}

function mixedOf(cards: ReadonlyMap<string, Card>, base: Version): Version['mixed'] {
  const others = [...cards.values()].filter(
    (card) => card.versions.length > 1 || card.versions[0] !== base.ref.version,
  );
  return others.length === 0 ? null : Object.fromEntries(others.map((card) => [card.id, card.versions]));
}
