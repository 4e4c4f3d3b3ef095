import type { Effect } from '../../domain/consumption.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Member } from '../../domain/member.ts';
import type { AfterEnd, KindName, KindValues, Verb } from '../../domain/perk.ts';
import type { Standing } from '../../domain/standing.ts';
import type { Condition } from '../compile/condition.ts';
import type { Frame } from '../compile/frame.ts';
import type { Per } from './period.ts';

/** Who asks, when and for how much: all that a perk's numbers depend on. */
export interface Asker {
  readonly member: Member | undefined;
  readonly standing: Standing;
  readonly at: Instant;
  readonly amount: number;
  readonly frame: Pick<Frame, 'input' | 'context' | 'resource' | 'subject'>;
}

/** Whether the tier that judges has the perk, and if not, why not. Also the name of the fact that access gates compare. */
export type Access = 'granted' | 'not_in_plan' | 'membership_ended';

/** What a kind finds out about one asker. */
export interface Findings {
  /** What the gates compare, under the perk's id in the fact `perk`. `Infinity` is unlimited. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly values: KindValues;
  /** The end of the period that was read; null when none was. */
  readonly until: Instant | null;
  /** What a consume records when everything is allowed; null for nothing. */
  readonly effect: Effect | null;
}

/** A requirement of a kind, before it is compiled. */
export interface Requirement {
  readonly code: string;
  readonly condition: Condition;
  /** Judged before all else, also before the checks of `rules:`: it does not depend on who asks. */
  readonly first?: boolean;
}

/**
 * A template of gates, filled in with the numbers of one card. One file per kind makes it from the card.
 * Pure: everything it says follows from its arguments.
 */
export interface Kind {
  readonly name: KindName;
  /** What its number is counted by, for reading: `a month`; empty where it is not counted over time. */
  readonly unit: string;
  /** The periods that usage is counted by: quota and grant only. */
  readonly per?: Per;
  /** The holding that counts what is there: slots only. */
  readonly holds?: string;
  /** The requirements of an action with this verb, in the order in which the first that fails is the reason. */
  requirements(verb: Verb): readonly Requirement[];
  /** What `requirements` compare and answers show. */
  find(asker: Asker, verb: Verb): Findings;
  /** The plan's own number for a tier, as a matrix shows it: yes/no, a limit, an amount, or one of these per row or measure. */
  planned(rank: number): Planned;
  /** What the caller has to say for it to be judged: amounts to measure, keys to look up. */
  readonly claims: readonly Claim[];
  /** How many ranks it has numbers for. */
  readonly ranks: number;
  /** What it counts and by which period: only cards in which this is equal can be compared. */
  readonly counts: string;
  /** The same kind with other numbers, by rank, and another word for after the end. */
  withLevels(levels: readonly Planned[], afterEnd: AfterEnd): Kind;
  /** Negative when `a` is worse than `b`, positive when better, 0 when equal, undefined when neither (mixed). */
  compare(a: Planned, b: Planned): number | undefined;
}

/** What a tier gets by the plan. `null`: unlimited. Rows of a table and measures of a limit are by their key. */
export type Planned = boolean | number | null | Readonly<Record<string, number | null>>;

/** Where in a question a kind finds what it measures (`amount`) or looks up (`key`). */
export interface Claim {
  readonly fact: 'input' | 'context' | 'resource';
  readonly keys: readonly string[];
  readonly is: 'amount' | 'key';
}

/** What every kind needs of its card. */
export interface KindContext {
  readonly perk: string;
  readonly afterEnd: AfterEnd;
}
