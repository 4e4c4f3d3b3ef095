import type { Member } from '../domain/member.ts';
import type { MemberStore } from '../use-cases/ports.ts';
import { toMemberLine } from './member-line.ts';

/** Members a page at a time, in the order of their ids. */
export type MemberPages = AsyncIterable<ExportPage>;

export interface ExportPage {
  readonly lines: string;
  readonly members: number;
  /** Ids of members that cannot be written out, since this perkbook cannot read them. */
  readonly unreadable: readonly string[];
}

const PAGE = { members: 500, bytes: 4 * 1_048_576 };

/** Each page is as it is when it is read: who is changed meanwhile comes as before or as after, and never in between. */
export async function* pagesOfStore(store: MemberStore, signal: AbortSignal): AsyncGenerator<ExportPage> {
  for (let after: string | undefined; !signal.aborted; ) {
    const { members, unreadable, next } = await store.page(after, PAGE);
    yield { lines: linesFor(members), members: members.length, unreadable };
    if (next === null) return;
    after = next;
  }
}

function linesFor(members: readonly Member[]): string {
  return members.map(toMemberLine).join('');
}
