import type { IncomingMessage } from 'node:http';
import type { Searched } from '../api/authzen/from-authzen-search.ts';
import type { PerkFlag } from '../api/ofrep/to-ofrep-flag.ts';
import type { Caller } from '../domain/caller.ts';
import type { Instant } from '../domain/instant.ts';
import type { RuleBook } from '../rules/rule-set.ts';
import type { Consumed } from '../use-cases/consumes/consume.ts';
import type { Told } from '../use-cases/decisions/told.ts';
import type { MeasureImpact } from '../use-cases/impact/ports.ts';
import type { LiveKeys } from '../use-cases/keys/live-keys.ts';
import type { KeyStore } from '../use-cases/keys/ports.ts';
import type { Clock, FactsReader, MaybePromise, MemberStore } from '../use-cases/ports.ts';
import type { PublishingPorts } from '../use-cases/rule-sets/ports.ts';
import type { Shadows } from '../use-cases/shadow/shadows.ts';
import type { Measured } from './measured.ts';
import type { DecisionLogAccess } from './reading-log.ts';
import type { StartTrace } from './request-trace.ts';

/** A finding about a rule file, as far as `/readyz` shows it. */
export interface RuleFinding {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** A JSON pointer; the whole file is ''. */
  readonly path: string;
}

/** The rules in force, and what is wrong with files that are not. */
export interface LoadedRules {
  readonly book: RuleBook;
  readonly findings: readonly RuleFinding[];
  /** How often they were loaded, by what came of it; absent where they never change. */
  readonly loads?: Readonly<Record<'loaded' | 'rejected' | 'unreachable', number>>;
  /** Resolves when `book` has what was published before, by whomever; absent where they never change. Never throws. */
  readonly lookForUnknown?: () => Promise<void>;
}

/** A clock that can be set. Only a server that was started with one has it. */
export interface SettableClock extends Clock {
  set(now: Instant): void;
}

/** The keys as they are stored, and those that are in force. */
export interface ApiKeys {
  readonly store: KeyStore;
  readonly live: LiveKeys;
}

/** Everything the routes need of the world. */
export interface Deps {
  readonly rules: LoadedRules;
  readonly store: MemberStore;
  readonly facts: FactsReader;
  readonly clock: Clock;
  /** Where rules are published; absent where they never change. */
  readonly publishing?: PublishingPorts | undefined;
  /** What a candidate would do to the members; absent where nobody measures it. */
  readonly measureImpact?: MeasureImpact | undefined;
  /** Candidates that judge beside the rules in force. */
  readonly shadows?: Shadows | undefined;
  /** The same clock as `clock`, where it can be set. */
  readonly testClock?: SettableClock | undefined;
  /** Who sends a request; anybody may when absent. Throws a `Problem`. */
  readonly admit?: ((request: IncomingMessage) => MaybePromise<Caller>) | undefined;
  /** Whether there is anybody who could be let in now; there is when absent. */
  readonly letsIn?: (() => boolean) | undefined;
  /**
   * A request that asks as much as `amount` more requests takes that from what its caller may ask. Throws `too_many_requests` where the
   * caller has not waited yet for what another one took.
   */
  readonly owe?: ((caller: Caller, amount: number) => void) | undefined;
  /** Where keys are made and revoked; absent where there are none. */
  readonly apiKeys?: ApiKeys | undefined;
  /** The origins whose pages may call. */
  readonly origins?: ReadonlySet<string> | undefined;
  /** Is told of every decision on its way to a caller. Must not throw, nor take time. */
  readonly onTold?: ((told: Told) => void) | undefined;
  /** The same for consumes, also for those that were denied. */
  readonly onConsumed?: ((consumed: Consumed, told: Omit<Told, 'answered'>) => void) | undefined;
  /** Is told of every page of a search on its way to a caller, and at how many it looked. Must not throw, nor take time. */
  readonly onSearched?: ((searched: Searched, looked: number) => void) | undefined;
  /** Is told of every perk on its way to a caller as a flag. The same holds. */
  readonly onFlag?: ((ruleSetId: string, flag: PerkFlag) => void) | undefined;
  /** What callers were told, where it is kept. */
  readonly decisionLog?: DecisionLogAccess | undefined;
  /** Is told of every answer. Must not throw, nor take time. */
  readonly measured?: Measured | undefined;
  /** Follows requests, where somebody collects traces. */
  readonly trace?: StartTrace | undefined;
  /** The metrics, written out; absent where there are none. */
  readonly scrape?: (() => Promise<{ readonly type: string; readonly body: string }>) | undefined;
  /** Where callers reach the server, as they write it; absent: the address that it listens on. */
  readonly publicUrl?: string | undefined;
  /** The address that it listens on, once it does. */
  readonly listensOn?: (() => string | undefined) | undefined;
  /** Writes one line about something that nobody expected. */
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}
