import type { Instant } from '../domain/instant.ts';
import type { Clock } from '../use-cases/ports.ts';

export class SystemClock implements Clock {
  now(): Instant {
    return Date.now();
  }
}

/** A clock that stands still until it is set, forwards or backwards. */
export class TestClock implements Clock {
  #now: Instant;

  constructor(now: Instant) {
    this.#now = now;
  }

  now(): Instant {
    return this.#now;
  }

  set(now: Instant): void {
    this.#now = now;
  }
}
