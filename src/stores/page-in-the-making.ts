import type { Member } from '../domain/member.ts';
import { bytesOf } from '../domain/member-size.ts';
import type { MemberPageLimits, StoredPage } from '../use-cases/ports.ts';
import { UnknownStoreFormat } from './store-format.ts';

/** Takes stored members until a page is full. */
export class PageInTheMaking {
  readonly #limits: MemberPageLimits;
  readonly #members: Member[] = [];
  readonly #unreadable: string[] = [];
  #bytes = 0;
  #last: string | undefined;
  #next: string | null = null;

  constructor(limits: MemberPageLimits) {
    this.#limits = limits;
  }

  /** False where the page is full: this one begins the next page. One member is taken however large it is. */
  take(id: string, read: () => Member): boolean {
    const count = this.#members.length + this.#unreadable.length;
    if (count >= this.#limits.members) return this.#isFull();
    try {
      const member = read();
      const bytes = bytesOf(member);
      if (count > 0 && this.#bytes + bytes > this.#limits.bytes) return this.#isFull();
      this.#bytes += bytes;
      this.#members.push(member);
    } catch (error) {
      if (!(error instanceof UnknownStoreFormat)) throw error;
      this.#unreadable.push(id);
    }
    this.#last = id;
    return true;
  }

  get page(): StoredPage {
    return { members: this.#members, unreadable: this.#unreadable, next: this.#next };
  }

  #isFull(): false {
    this.#next = this.#last ?? null;
    return false;
  }
}
