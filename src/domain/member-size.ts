import type { Attribute, Member } from './member.ts';

/** About how many bytes of JSON a member is: counted, not written out, so that it can be asked often. */
export interface MemberSize {
  readonly usage: number;
  /** Everything else. */
  readonly rest: number;
}

const ENTRY = 48;
const TERM = 140;
const EXTRA = 100;
const PAIR = 20;

export function sizeOf({ id, terms, usage, holdings, extras, attributes, keyDays }: Member): MemberSize {
  let used = 0;
  for (const [perk, entries] of Object.entries(usage)) {
    used += PAIR + perk.length + ENTRY * entries.length;
    for (const { key } of entries) if (key !== undefined) used += key.length + 9;
  }
  let rest = 200 + id.length;
  for (const term of terms) rest += TERM + term.tier.length + (term.id?.length ?? 0);
  for (const { perk, note } of extras) rest += EXTRA + perk.length + (note?.length ?? 0);
  for (const [name, value] of Object.entries(attributes)) rest += PAIR + name.length + sizeOfValue(value);
  for (const name of [...Object.keys(holdings), ...Object.keys(keyDays)]) rest += PAIR + name.length;
  return { usage: used, rest };
}

export function bytesOf(member: Member): number {
  const { usage, rest } = sizeOf(member);
  return usage + rest;
}

function sizeOfValue(value: Attribute): number {
  if (typeof value === 'string') return value.length + 3;
  if (typeof value !== 'object' || value === null) return PAIR;
  return value.reduce<number>((sum, each) => sum + (typeof each === 'string' ? each.length + 3 : PAIR), 2);
}
