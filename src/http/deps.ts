import type { IncomingMessage } from 'node:http';
import type { Caller } from '../domain/caller.ts';
import type { Instant } from '../domain/instant.ts';
import type { RuleBook } from '../rules/rule-set.ts';
import type { MeasureImpact } from '../use-cases/impact/ports.ts';
import type { Clock, FactsReader, MaybePromise, MemberStore } from '../use-cases/ports.ts';
import type { PublishingPorts } from '../use-cases/rule-sets/ports.ts';
import type { Shadows } from '../use-cases/shadow/shadows.ts';
import type { Told } from './asking.ts';
import type { Route } from './route.ts';

/** A finding about a rule file, as far as `/readyz` shows it. */
export interface RuleFinding {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The rules in force, and what is wrong with files that are not. */
export interface LoadedRules {
  readonly book: RuleBook;
  readonly findings: readonly RuleFinding[];
  /** How often they were loaded, by what came of it; absent where they never change. */
  readonly loads?: Readonly<Record<'loaded' | 'rejected' | 'unreachable', number>>;
}

/** A clock that can be set. Only a server that was started with one has it. */
export interface SettableClock extends Clock {
  set(now: Instant): void;
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
  /** Is told of every decision on its way to a caller. Must not throw, nor take time. */
  readonly onTold?: ((told: Told) => void) | undefined;
  /** Is told of every answer, with its status and when its request came, on the clock of `performance.now`. */
  readonly measured?: ((route: Route | undefined, status: number, startedAt: number) => void) | undefined;
  /** Where callers reach the server, as they write it; absent: the address that it listens on. */
  readonly publicUrl?: string | undefined;
  /** Writes one line about something that nobody expected; to stderr when absent. */
  readonly log?: (entry: Readonly<Record<string, unknown>>) => void;
}
