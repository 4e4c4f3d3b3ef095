import type { Precondition } from '../use-cases/precondition.ts';

/** The entity tag of a member: its revision. */
export function etagOf(revision: number): string {
  return `"${revision}"`;
}

/** Whether `If-None-Match` names this tag, so that the caller has it already. Compared weakly, as a cache would. */
export function isNotModified(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || tagsOf(ifNoneMatch).some((each) => each.replace(/^W\//, '') === tag);
}

/** The precondition that a write comes with; undefined without one. */
export function preconditionOf(ifMatch: string | undefined, ifNoneMatch: string | undefined): Precondition | undefined {
  if (ifMatch === undefined && ifNoneMatch === undefined) return undefined;
  return {
    holds: (revision) => {
      const exists = revision > 0;
      const tag = etagOf(revision);
      if (ifMatch !== undefined && !(exists && (ifMatch.trim() === '*' || tagsOf(ifMatch).includes(tag)))) return false;
      return !(exists && isNotModified(ifNoneMatch, tag));
    },
  };
}

function tagsOf(header: string): readonly string[] {
  return header.match(/(?:W\/)?"[^"]*"/g) ?? [];
}
