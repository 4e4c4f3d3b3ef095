import type { RuleBook } from '../../rules/rule-set.ts';
import type { MemberStore } from '../ports.ts';
import { reachable } from './reachable.ts';
import { type MemberView, viewOf } from './write-member.ts';

export const DEFAULT_PAGE = 100;
export const LARGEST_PAGE = 1000;

export interface MemberPage {
  readonly members: readonly MemberView[];
  /** Stored by another perkbook in a form that this one cannot read: left out of `members`. */
  readonly unreadable: readonly string[];
  /** What to ask for `after` next; null on the last page. */
  readonly next: string | null;
}

/** What one answer can carry without keeping everybody else waiting while it is written out. */
const LARGEST_PAGE_BYTES = 4 * 1_048_576;

/** A page of members in the order of their ids; a shorter one where the members are large. Problem: `facts_unreachable`. */
export async function listMembers(
  { store }: { readonly store: MemberStore },
  book: RuleBook,
  { after, limit = DEFAULT_PAGE }: { readonly after?: string | undefined; readonly limit?: number | undefined } = {},
): Promise<MemberPage> {
  const { members, unreadable, next } = await reachable(() =>
    store.page(after, { members: limit, bytes: LARGEST_PAGE_BYTES }),
  );
  return { members: members.map((member) => viewOf(book, member)), unreadable, next };
}
