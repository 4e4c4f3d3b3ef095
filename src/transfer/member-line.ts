import { fromApiMember } from '../api/members/from-api-member.ts';
import { toApiFields } from '../api/members/to-api-member.ts';
import type { Member } from '../domain/member.ts';
import { Problem } from '../domain/problem.ts';
import { parseUserId } from '../domain/user-id.ts';
import type { MemberFields } from '../use-cases/members/member-fields.ts';

/** One member as a line of a file has it: its id, and what `PUT /v1/members/{id}` takes. */
export interface MemberLine {
  readonly id: string;
  readonly fields: MemberFields;
  /** The same as JSON, for a server. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** What the API only shows: it belongs to where the member was, and is not carried over. */
const SHOWN = ['revision', 'conflicts', 'moreConflicts'];

/** Throws a `Problem` that names the field. Whether the rules know its names is for whoever writes it. */
export function fromMemberLine(text: string): MemberLine {
  const given = objectIn(text);
  if (!Object.hasOwn(given, 'id')) {
    const message = '`id` is required: a line is `{"id": "u-17", "terms": […], …}`';
    throw new Problem('missing_field', message, { field: '/id' });
  }
  const id = parseUserId(given.id, '/id');
  const json = withoutShown(given);
  return { id, fields: fromApiMember(json, id), json };
}

/** What can be written of a member: all that is known of it but its revision and the keys that are remembered. */
export function toMemberLine(member: Member): string {
  return `${JSON.stringify({ id: member.id, ...toApiFields(member) })}\n`;
}

/** A member as the API shows it, with what can be written of it only. */
export function withoutShown(member: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  // fromEntries makes own properties of all names, also of `__proto__`.
  return Object.fromEntries(Object.entries(member).filter(([name]) => !SHOWN.includes(name)));
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const hint = /^\s*[[\]]/.test(text) ? 'one member a line, without a list around them' : reason;
    throw new Problem('malformed_json', `this is no JSON object: ${hint}`, { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new Problem('malformed_json', 'a line is one member, a JSON object: no list, no text, no number');
}
