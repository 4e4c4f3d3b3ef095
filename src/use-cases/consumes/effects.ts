import { utcDay } from '../../domain/calendar.ts';
import type { Effect } from '../../domain/consumption.ts';
import { KEY_FORGOTTEN_AFTER_MS } from '../../domain/fold-usage.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Member, UsageEntry } from '../../domain/member.ts';
import { Problem } from '../../domain/problem.ts';

/**
 * The effects of one consume that change something, each thing once: two perks that count the same holding both watch the one
 * model that is uploaded.
 */
export function distinctEffects(effects: readonly Effect[]): readonly Effect[] {
  const distinct = new Map<string, Effect>();
  for (const effect of effects) {
    if (sizeOf(effect) === 0) continue;
    const thing = effect.kind === 'usage' ? `usage ${effect.perk}` : `holding ${effect.holding}`;
    const known = distinct.get(thing);
    if (known === undefined || sizeOf(known) < sizeOf(effect)) distinct.set(thing, effect);
  }
  return [...distinct.values()];
}

/** How much these effects recorded: the amount that was asked for, or for `remove` as much as there was. */
export function consumedBy(effects: readonly Effect[]): number {
  return effects.reduce((most, effect) => Math.max(most, sizeOf(effect)), 0);
}

function sizeOf(effect: Effect): number {
  switch (effect.kind) {
    case 'usage':
      return effect.amount;
    case 'holding':
      return Math.abs(effect.delta);
  }
}

/** The member after a consume. Usage carries the key, so that it can be given back. */
export function applyEffects(member: Member, effects: readonly Effect[], key: string): Member {
  return effects.reduce((changed, effect) => withEffect(changed, effect, key), member);
}

function withEffect(member: Member, effect: Effect, key: string): Member {
  switch (effect.kind) {
    case 'usage': {
      const { perk, at, amount } = effect;
      return withUsage(member, perk, [...usageOf(member, perk), { at, amount, key }]);
    }
    case 'holding':
      return withHeld(member, effect.holding, heldAfter(member, effect));
  }
}

export interface Undone {
  readonly member: Member;
  /** How much was really given back: less than was consumed where others have changed the member since. */
  readonly amount: number;
}

/** The member after a release: what the consume recorded is gone, what it took away is back. */
export function undoEffects(member: Member, effects: readonly Effect[], key: string, now: Instant): Undone {
  return effects.reduce<Undone>(
    (undone, effect) => {
      const next = withoutEffect(undone.member, effect, key, now);
      return { member: next.member, amount: Math.max(undone.amount, next.amount) };
    },
    { member, amount: 0 },
  );
}

function withoutEffect(member: Member, effect: Effect, key: string, now: Instant): Undone {
  switch (effect.kind) {
    case 'usage': {
      const entries = usageOf(member, effect.perk);
      const index = indexOfRecorded(entries, effect, key, now);
      const recorded = entries[index];
      if (recorded === undefined) return { member, amount: 0 };
      const left = withUsage(member, effect.perk, takenOff(entries, index, effect.amount));
      return { member: left, amount: Math.min(recorded.amount, effect.amount) };
    }
    case 'holding': {
      const held = heldOf(member, effect.holding);
      const after = Math.min(Math.max(0, held - effect.delta), Number.MAX_SAFE_INTEGER);
      return { member: withHeld(member, effect.holding, after), amount: Math.abs(after - held) };
    }
  }
}

/**
 * The entry that the consume wrote, or what folding has made of it: the next without a key on the same UTC day. Folding touches
 * nothing of the last 48 hours, so a younger entry that is not there has been replaced by whoever wrote the member: nothing is left
 * to give back.
 */
function indexOfRecorded(
  entries: readonly UsageEntry[],
  { at }: Extract<Effect, { kind: 'usage' }>,
  key: string,
  now: Instant,
): number {
  const own = entries.findIndex((entry) => entry.key === key && entry.at === at);
  if (own !== -1 || at >= now - KEY_FORGOTTEN_AFTER_MS) return own;
  let best = -1;
  entries.forEach((entry, index) => {
    if (entry.key !== undefined || entry.at < at || utcDay(entry.at) !== utcDay(at)) return;
    if (best === -1 || entry.at < (entries[best]?.at ?? 0)) best = index;
  });
  return best;
}

function takenOff(entries: readonly UsageEntry[], index: number, amount: number): readonly UsageEntry[] {
  return entries.flatMap((entry, i) => {
    if (i !== index) return [entry];
    return entry.amount > amount ? [{ ...entry, amount: entry.amount - amount }] : [];
  });
}

function usageOf(member: Member, perk: string): readonly UsageEntry[] {
  return Object.hasOwn(member.usage, perk) ? (member.usage[perk] ?? []) : [];
}

function withUsage(member: Member, perk: string, entries: readonly UsageEntry[]): Member {
  return { ...member, usage: { ...member.usage, [perk]: entries } };
}

function heldAfter(member: Member, { holding, delta }: Extract<Effect, { kind: 'holding' }>): number {
  const after = heldOf(member, holding) + delta;
  if (after <= Number.MAX_SAFE_INTEGER) return Math.max(0, after);
  const message = `\`${holding}\` would be more than ${Number.MAX_SAFE_INTEGER}, beyond which numbers are not exact; nothing was recorded`;
  throw new Problem('invalid_member', message, { field: '/amount' });
}

function heldOf({ holdings }: Member, holding: string): number {
  return Object.hasOwn(holdings, holding) ? (holdings[holding] ?? 0) : 0;
}

function withHeld(member: Member, holding: string, held: number): Member {
  return { ...member, holdings: { ...member.holdings, [holding]: held } };
}
