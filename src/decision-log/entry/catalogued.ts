import type { Attribute } from '../../domain/member.ts';
import type { Version } from '../../rules/rule-set.ts';

const NOTHING: Readonly<Record<string, Attribute>> = Object.freeze({});

/** What the catalogue of a rule file says of a resource; nothing where it is not in it. */
export function catalogued(
  { resources }: Version,
  { type, id }: { readonly type: string; readonly id: string | null | undefined },
): Readonly<Record<string, Attribute>> {
  const ofType = Object.hasOwn(resources, type) ? resources[type] : undefined;
  return id != null && ofType !== undefined && Object.hasOwn(ofType, id) ? (ofType[id] ?? NOTHING) : NOTHING;
}
