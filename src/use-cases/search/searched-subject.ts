import type { Member } from '../../domain/member.ts';
import { Problem } from '../../domain/problem.ts';
import type { SubjectClaim } from '../../domain/question.ts';
import type { FactsReader } from '../ports.ts';

/** Who is asked about in a search, when there is somebody. */
export interface SearchedSubject {
  readonly member: Member | undefined;
  readonly degraded: boolean;
}

/**
 * The subject of a search: a member in the store, or somebody whom the request itself describes. Undefined for anybody else, for whom a
 * search finds nothing. Problem: `facts_unreachable`, since nothing found would be an answer.
 */
export async function searchedSubject(
  facts: FactsReader,
  { type, id, properties }: SubjectClaim,
  minRevision: number | undefined,
): Promise<SearchedSubject | undefined> {
  const isDescribed = Object.keys(properties).length > 0;
  if (type !== 'user') return isDescribed ? { member: undefined, degraded: false } : undefined;
  const known = await facts.read(id, minRevision);
  if (known.state === 'unreachable') {
    throw new Problem('facts_unreachable', 'the member facts cannot be reached; search again in a second', {
      retryAfter: 1,
    });
  }
  if (known.member === undefined && !isDescribed) return undefined;
  return { member: known.member, degraded: known.state === 'stale' };
}
