import type { Facts } from '../../domain/facts.ts';

/** What came of reading facts, counted from the start of the process. Plain numbers: one goes up with every question. */
export class FactsReads {
  /** Answered from memory. */
  hit = 0;
  /** Read from the store. */
  miss = 0;
  /** The store is down, and what was known before was used. */
  stale = 0;
  /** The store is down, and nothing recent enough was known. */
  unreachable = 0;

  /** Counts facts that did not come fresh from memory, and passes them on. */
  counted(facts: Facts): Facts {
    if (facts.state === 'fresh') this.miss++;
    else this[facts.state]++;
    return facts;
  }
}
