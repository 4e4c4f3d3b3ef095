import type { Instant } from '../domain/instant.ts';
import type { RuleBook } from '../rules/rule-set.ts';
import { digestsInForce, type News, startedNews } from './rule-news.ts';

const LOOK_EVERY_MS = 1_000;

/** Notices that versions which were scheduled have started. Nothing is read or changed then: the time has come, and somebody wants to know. */
export class Starts {
  readonly #book: () => RuleBook;
  readonly #now: () => Instant;
  readonly #timer: NodeJS.Timeout;
  #known: string;

  constructor(book: () => RuleBook, now: () => Instant, tell: (news: News) => void) {
    this.#book = book;
    this.#now = now;
    this.#known = digestsInForce(book(), now());
    this.#timer = setInterval(() => {
      const before = this.#known;
      this.see();
      if (this.#known !== before) tell(startedNews(book(), now()));
    }, LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** What is in force now has been told. */
  see(): void {
    this.#known = digestsInForce(this.#book(), this.#now());
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
