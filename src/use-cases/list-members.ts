import type { RuleBook } from '../rules/rule-set.ts';
import type { MemberStore } from './ports.ts';
import { reachable } from './reachable.ts';
import { type MemberView, viewOf } from './write-member.ts';

export const DEFAULT_PAGE = 100;
export const LARGEST_PAGE = 1000;

export interface MemberPage {
  readonly members: readonly MemberView[];
  /** What to ask for `after` next; null on the last page. */
  readonly next: string | null;
}

/** A page of members in the order of their ids. Problem: `facts_unreachable`. */
export async function listMembers(
  { store }: { readonly store: MemberStore },
  book: RuleBook,
  { after, limit = DEFAULT_PAGE }: { readonly after?: string | undefined; readonly limit?: number | undefined } = {},
): Promise<MemberPage> {
  // One more than asked for tells whether there is a next page.
  const found = await reachable(() => store.list(after, limit + 1));
  const page = found.slice(0, limit);
  const next = found.length > limit ? (page.at(-1)?.id ?? null) : null;
  return { members: page.map((member) => viewOf(book, member)), next };
}
