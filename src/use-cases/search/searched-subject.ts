import type { Member } from '../../domain/member.ts';
import { Problem } from '../../domain/problem.ts';
import type { SubjectClaim } from '../../domain/question.ts';
import type { FactsReader } from '../ports.ts';

/** Who is asked about in a search. */
export interface SearchedSubject {
  /** A search finds nothing for anybody else. */
  readonly isThere: boolean;
  readonly member: Member | undefined;
  /** The facts were stale: who is not there may be by now. */
  readonly degraded: boolean;
}

/**
 * The subject of a search. There is: a member in the store, or somebody whom the request itself describes. Problem:
 * `facts_unreachable`, since nothing found would be an answer.
 */
export async function searchedSubject(
  facts: FactsReader,
  { type, id, properties }: SubjectClaim,
  minRevision: number | undefined,
): Promise<SearchedSubject> {
  const isDescribed = Object.keys(properties).length > 0;
  if (type !== 'user') return { isThere: isDescribed, member: undefined, degraded: false };
  const known = await facts.read(id, minRevision);
  if (known.state === 'unreachable') {
    throw new Problem('facts_unreachable', 'the member facts cannot be reached; search again in a second', {
      retryAfter: 1,
    });
  }
  const { member, state } = known;
  return { isThere: isDescribed || member !== undefined, member, degraded: state === 'stale' };
}
