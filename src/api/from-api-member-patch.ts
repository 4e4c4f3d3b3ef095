import type { Member } from '../domain/member.ts';
import { Problem } from '../domain/problem.ts';
import type { MemberFields } from '../use-cases/member-fields.ts';
import { fromApiMember } from './from-api-member.ts';
import { mergePatch } from './merge-patch.ts';
import { toApiFields } from './to-api-member.ts';

/** A merge patch as a function from the stored member to its new fields, for `patchMember`. */
export function fromApiMemberPatch(json: unknown, id: string): (member: Member) => MemberFields {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Problem('invalid_field', 'a merge patch is an object with the fields to change', { field: '' });
  }
  return (member) => fromApiMember(mergePatch(toApiFields(member), json), id);
}
