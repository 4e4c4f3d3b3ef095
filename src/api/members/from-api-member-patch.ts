import type { Member } from '../../domain/member.ts';
import { Problem } from '../../domain/problem.ts';
import type { MemberFields } from '../../use-cases/members/member-fields.ts';
import { fromApiMember } from './from-api-member.ts';
import { mergePatch } from './merge-patch.ts';
import { toApiFields } from './to-api-member.ts';

type Json = Readonly<Record<string, unknown>>;

/** What `null` leaves of a field. */
const EMPTIED = { terms: [], holdings: {}, usage: {}, extras: [], attributes: {} } as const satisfies MemberFields;

const KNOWN: ReadonlySet<string> = new Set([...Object.keys(EMPTIED), 'id', 'revision', 'conflicts', 'moreConflicts']);

/**
 * A merge patch as a function from the stored member to the fields that change, for `patchMember`. Only what the patch touches must
 * be right: what is beside it may be older than the rules of today, and was right when it was written.
 */
export function fromApiMemberPatch(json: unknown, id: string): (member: Member) => MemberFields {
  if (!isObject(json)) {
    throw new Problem('invalid_field', 'a merge patch is an object with the fields to change', { field: '' });
  }
  const named = Object.entries(json);
  const emptied = named.filter(([name, value]) => value === null && Object.hasOwn(EMPTIED, name)).map(([name]) => name);
  const given = Object.fromEntries(named.filter(([name]) => !emptied.includes(name)));
  // Taking away what cannot be there is a typing error, not a wish that is met already.
  const unknown = Object.fromEntries(named.filter(([name, value]) => value === null && !KNOWN.has(name)));
  return (member) => {
    const stored = toApiFields(member);
    const touched = fromApiMember({ ...Object(mergePatch(touchedOf(stored, given), given)), ...unknown }, id);
    return {
      ...Object.fromEntries(Object.entries(EMPTIED).filter(([name]) => emptied.includes(name))),
      ...touched,
      // In these a patch touches single entries; the others are as they were.
      ...(touched.holdings && { holdings: beside(member.holdings, given.holdings, touched.holdings) }),
      ...(touched.usage && { usage: beside(member.usage, given.usage, touched.usage) }),
      ...(touched.attributes && { attributes: beside(member.attributes, given.attributes, touched.attributes) }),
    };
  };
}

/** Of what is stored, what the patch names. */
function touchedOf(stored: Json, patch: Json): Json {
  return Object.fromEntries(
    Object.entries(stored).flatMap(([name, value]) => {
      const change = patch[name];
      if (change === undefined) return [];
      if (!isObject(value) || !isObject(change)) return [[name, value]];
      return [[name, Object.fromEntries(Object.entries(value).filter(([key]) => Object.hasOwn(change, key)))]];
    }),
  );
}

/** In the order in which they were stored; what is new comes behind. */
function beside<T>(
  stored: Readonly<Record<string, T>>,
  patch: unknown,
  touched: Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  if (!isObject(patch)) return touched;
  const merged = new Map(Object.entries(stored));
  for (const name of Object.keys(patch)) {
    if (!Object.hasOwn(touched, name)) merged.delete(name);
  }
  for (const [name, value] of Object.entries(touched)) merged.set(name, value);
  // fromEntries makes own properties of all names, also of `__proto__`.
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
