import type { Caller } from '../domain/caller.ts';
import type { VersionRef } from '../domain/decision.ts';
import type { Instant } from '../domain/instant.ts';
import type { Attribute } from '../domain/member.ts';
import type { AfterEnd, Verb } from '../domain/perk.ts';
import type { Calendar } from './calendar.ts';
import type { Condition, NamedConditions, Predicate } from './compile/condition.ts';
import type { Frame } from './compile/frame.ts';
import type { Kind } from './kinds/kind.ts';

export const POLICIES = ['now', 'nextTerm', 'whileSubscribed', 'neverWorse'] as const;
/** Whom a version applies to among those who were members before it started. */
export type Policy = (typeof POLICIES)[number];

/** What a condition depends on beside the question. */
export interface Reads {
  /** Facts of the member store: without them it cannot be judged. */
  readonly member: boolean;
  /** Facts that change by themselves when a term starts or ends. */
  readonly terms: boolean;
}

export interface Tier {
  readonly id: string;
  readonly title: string;
  readonly retired: boolean;
  /** Whether this version itself has it. A tier that came later is judged like the next lower one. */
  readonly known: boolean;
}

/** One requirement: one json-rules-engine rule, and the same condition compiled. */
export interface Gate {
  /** Names the gate within its action: `loras_per_generation.limit_exceeded`. */
  readonly name: string;
  /** Why the answer is a denial when the condition does not hold. */
  readonly code: string;
  /** The rule file's words for it; null where it has none. */
  readonly says: string | null;
  /** What the perk, or for a check the action, is called. */
  readonly title: string;
  readonly condition: Condition;
  /** What the condition's references name: those of the version that it comes from. */
  readonly named: NamedConditions;
  readonly holds: Predicate;
}

/** One perk of one version. */
export interface Card {
  readonly id: string;
  readonly title: string;
  readonly source: readonly string[];
  readonly afterEnd: AfterEnd;
  /** Whom a change of this perk applies to; its own word, else the file's. */
  readonly existingMembers: Policy;
  /** The versions whose words and numbers it has: more than one where `neverWorse` mixed them. */
  readonly versions: readonly number[];
  readonly whenFactsUnavailable: 'allow' | 'deny';
  readonly says: Readonly<Record<string, string>>;
  readonly kind: Kind;
  /** Which actions use the perk, in file order. */
  readonly actions: readonly { readonly action: string; readonly verb: Verb }[];
  /** Reads the values shown beside the perk's own; null for a card that echoes nothing. */
  readonly echo: ((frame: Frame) => Readonly<Record<string, unknown>>) | null;
  /** Where in a question those values are. */
  readonly echoed: readonly { readonly fact: 'input' | 'context' | 'resource'; readonly keys: readonly string[] }[];
}

/** A perk taking part in an action. */
export interface Part {
  readonly card: Card;
  readonly verb: Verb;
  /** The named condition without which the perk takes no part. */
  readonly when: {
    readonly name: string;
    readonly condition: Condition;
    readonly named: NamedConditions;
    readonly holds: Predicate;
    readonly reads: Reads;
  } | null;
  /** Judged before everything else: it does not depend on who asks (`value_not_listed`). */
  readonly first: Gate | null;
  readonly gates: readonly Gate[];
}

/** One check of `rules:`. A gate whose condition is what must hold for the answer not to be a denial. */
export interface Check extends Gate {
  readonly reads: Reads;
}

export interface Answer {
  readonly key: string;
  readonly reads: Reads;
  readonly named: NamedConditions;
  readonly cases: readonly { readonly holds: Predicate; readonly condition: Condition; readonly value: unknown }[];
}

export interface InputSpec {
  readonly type?: 'string' | 'number' | 'integer' | 'boolean';
  readonly enum?: readonly (string | number)[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly default?: string | number | boolean;
  readonly title?: string;
}

export interface Action {
  readonly id: string;
  readonly title: string;
  readonly input: Readonly<Record<string, InputSpec>>;
  /** The type of resource it needs, if any. */
  readonly resource: string | null;
  readonly checks: readonly Check[];
  readonly parts: readonly Part[];
  readonly answers: readonly Answer[];
  readonly source: readonly string[];
}

/** One version of a rule set, compiled. Immutable. */
export interface Version {
  readonly ref: VersionRef;
  readonly title: string;
  readonly from: Instant;
  readonly existingMembers: Policy;
  readonly statements: Readonly<Record<string, string>>;
  /** Low to high: all that the rule set has had up to its newest version. Empty for one with no membership in it. */
  readonly tiers: readonly Tier[];
  readonly rankOf: (tier: string) => number;
  readonly calendar: Calendar;
  readonly unknownUser: 'asFree' | 'deny';
  readonly cards: ReadonlyMap<string, Card>;
  readonly actions: ReadonlyMap<string, Action>;
  readonly conditions: NamedConditions;
  readonly resources: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Attribute>>>>>>;
  /** The perks that another version than `ref` judges, each with the versions whose numbers it has; null where none is. */
  readonly mixed: Readonly<Record<string, readonly number[]>> | null;
  /** The file, byte for byte. */
  readonly yaml: string;
  /** The file as data. */
  readonly json: unknown;
}

/** A rule set: its versions in number order, the first never absent. */
export interface RuleSet {
  readonly id: string;
  readonly versions: readonly Version[];
}

/** Everything loaded: one immutable object, swapped in by one reference. */
export interface RuleBook {
  readonly ruleSets: ReadonlyMap<string, RuleSet>;
  /** Which rule sets have an action, in the order of their ids. */
  readonly ruleSetsOf: ReadonlyMap<string, readonly string[]>;
  /** Whose book it is, where it has only the rule sets that somebody is kept to: what is not in it may be in another. */
  readonly keptFor?: Caller;
}
