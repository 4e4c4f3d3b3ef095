import type { RuleBook } from '../rules/rule-set.ts';
import type { Clock, Outages } from '../use-cases/ports.ts';
import type { DecisionCounts } from './decision-counts.ts';
import type { RequestTimes } from './request-times.ts';
import type { SearchCounts } from './search-counts.ts';
import type { StoreCalls } from './store-calls.ts';
import type { Tally } from './tally.ts';

/** The live rules, as far as they are watched. */
export interface WatchedRules {
  readonly book: RuleBook;
  readonly findings: readonly { readonly severity: 'error' | 'warning' }[];
  readonly loads?: Readonly<Record<'loaded' | 'rejected' | 'unreachable', number>>;
}

/** The counts of the decision log; plain numbers that change. */
export interface WatchedLog {
  /** Entries that wait to be written. */
  readonly waiting: number;
  readonly written: number;
  /** Entries that were lost, because too many waited or the sink failed. */
  readonly dropped: number;
}

/** Everything that is read when the metrics are asked for. None of it takes time before. */
export interface Watched {
  readonly decisions: DecisionCounts;
  readonly consumes: DecisionCounts;
  readonly searches: SearchCounts;
  /** By rule set, perk and reason. */
  readonly flags: Tally<string>;
  readonly requests: RequestTimes;
  readonly storeCalls: StoreCalls;
  readonly facts: Readonly<Record<'hit' | 'miss' | 'stale' | 'unreachable', number>>;
  readonly outages: Outages | undefined;
  readonly rules: WatchedRules;
  readonly clock: Clock;
  readonly log: WatchedLog | undefined;
}
