import type { RuleBook } from '../rules/rule-set.ts';
import { checkVocabulary } from '../use-cases/members/check-vocabulary.ts';
import { putMember } from '../use-cases/members/put-member.ts';
import type { MemberPorts } from '../use-cases/members/write-member.ts';
import type { MemberLine } from './member-line.ts';

/** What became of a member that was written. */
export interface Put {
  /** It was not there before. */
  readonly created: boolean;
  /** Some of its terms run at the same time. */
  readonly overlaps: boolean;
}

/** Where imported members go to. */
export interface MemberTarget {
  /**
   * As `PUT /v1/members/{id}`. Throws a `Problem`; `facts_unreachable` and `too_many_requests` tell that the same may go well later.
   */
  put(line: MemberLine): Promise<Put>;
}

export function storeTarget(ports: MemberPorts, book: RuleBook): MemberTarget {
  return {
    put: async ({ id, fields }) => {
      const { created, conflicts } = await putMember(ports, book, id, fields);
      return { created, overlaps: conflicts.length > 0 };
    },
  };
}

/** Only checks, and writes nothing. */
export function checkTarget(book: RuleBook): MemberTarget {
  return {
    put: async ({ fields }) => {
      checkVocabulary(book, fields, undefined);
      return { created: false, overlaps: false };
    },
  };
}
