import { createHash } from 'node:crypto';
import { Problem } from '../../domain/problem.ts';
import { allOf, expecting, MUST_NOT_EXIST, type Precondition } from '../../use-cases/members/precondition.ts';

/** `*`, or entity tags with commas between them. */
export const TAGS = /^\s*(?:\*|(?:W\/)?"[^"]*"(?:\s*,\s*(?:W\/)?"[^"]*")*)\s*$/;

/** The entity tag of a member: its revision. */
export function etagOf(revision: number): string {
  return `"${revision}"`;
}

/** The entity tag of an answer that has no revision: a hash of all that is in it. */
export function hashTag(body: string): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
}

/** Whether `If-None-Match` names this tag, so that the caller has it already. Compared weakly, as a cache would. */
export function isNotModified(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || tagsOf(ifNoneMatch).some((each) => each.replace(/^W\//, '') === tag);
}

/**
 * The precondition that a write comes with; undefined without one. Throws `invalid_field` for a header that names no tag: it could
 * never be met, however often the member is read again.
 */
export function preconditionOf(ifMatch: string | undefined, ifNoneMatch: string | undefined): Precondition | undefined {
  requireTags('If-Match', ifMatch);
  requireTags('If-None-Match', ifNoneMatch);
  return allOf([
    ifMatch === undefined ? undefined : ifMatch.trim() === '*' ? expecting('*') : oneOf(tagsOf(ifMatch)),
    ifNoneMatch === undefined ? undefined : ifNoneMatch.trim() === '*' ? MUST_NOT_EXIST : noneOf(ifNoneMatch),
  ]);
}

function oneOf(tags: readonly string[]): Precondition {
  return { holds: (revision) => revision > 0 && tags.includes(etagOf(revision)) };
}

function noneOf(ifNoneMatch: string): Precondition {
  return { holds: (revision) => revision === 0 || !isNotModified(ifNoneMatch, etagOf(revision)) };
}

function requireTags(name: string, header: string | undefined): void {
  if (header === undefined || TAGS.test(header)) return;
  const given = header.trim().slice(0, 256);
  const advice = /^[\w-]+$/.test(given) ? `put it in quotes: \`${name}: "${given}"\`` : `send \`${name}: "14"\``;
  throw new Problem('invalid_field', `\`${name}\` is \`${given}\`, which is no entity tag; ${advice}`);
}

function tagsOf(header: string): readonly string[] {
  return header.match(/(?:W\/)?"[^"]*"/g) ?? [];
}
