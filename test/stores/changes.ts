import type { RememberedKey } from '../../src/domain/consumption.ts';
import { type Member, newMember } from '../../src/domain/member.ts';
import type { MemberChange, MemberSnapshot } from '../../src/use-cases/ports.ts';

export type Change<T> = (snapshot: MemberSnapshot) => MemberChange<T>;

/** Writes what is given over what is there. */
export function put(id: string, fields: Partial<Member> = {}): Change<undefined> {
  return ({ member }) => ({ result: undefined, write: { member: { ...(member ?? newMember(id)), ...fields } } });
}

export const remove: Change<undefined> = () => ({ result: undefined, write: { member: undefined } });

/** Takes one of `holdings.left` if any is left. */
export const takeOne: Change<boolean> = ({ member }) => {
  const left = member?.holdings.left ?? 0;
  if (member === undefined || left === 0) return { result: false };
  return { result: true, write: { member: { ...member, holdings: { ...member.holdings, left: left - 1 } } } };
};

export function rememberedKey(key: string, day: string): RememberedKey {
  return {
    key,
    day,
    fingerprint: `fingerprint of ${key}`,
    effects: [{ kind: 'holding', holding: 'taken', delta: 1 }],
    released: false,
    answer: JSON.stringify({ decision: 'allow', text: '€ "quoted" \u2028' }),
  };
}

/** As a consume does it: once per key, counted in `holdings.taken` and `keyDays`. */
export function takeWithKey(id: string, key: string, day: string): Change<'taken' | 'replayed'> {
  return ({ member = newMember(id), remembered }) => {
    if (remembered !== undefined) return { result: 'replayed' };
    const holdings = { ...member.holdings, taken: (member.holdings.taken ?? 0) + 1 };
    const keyDays = { ...member.keyDays, [day]: (member.keyDays[day] ?? 0) + 1 };
    return { result: 'taken', write: { member: { ...member, holdings, keyDays }, remember: rememberedKey(key, day) } };
  };
}
