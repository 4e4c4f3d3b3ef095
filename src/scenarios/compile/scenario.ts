import type { Instant } from '../../domain/instant.ts';

/** A scenario or a table, checked against the rules and ready to be replayed: every name is resolved, every date a number. */
export interface Case {
  readonly kind: 'scenario' | 'table';
  /** The file's name as the caller gave it. */
  readonly file: string;
  readonly line: number;
  /** The title of its file; the file's name where it has none. */
  readonly group: string;
  readonly name: string;
  /** Statements of the rule set. A row of a table may prove more than the table. */
  readonly proves: readonly string[];
  /** The actions that are asked about. */
  readonly asks: readonly string[];
  readonly ruleSet: string;
  /** Who takes part, and what is known of them when the first step is taken. */
  readonly cast: ReadonlyMap<string, CastMember>;
  readonly steps: readonly Step[];
}

export interface CastMember {
  /** The id to use as it is; absent: a fresh one for each replay. */
  readonly id: string | undefined;
  /** Absent for somebody nobody has written about. */
  readonly facts: MemberFacts | undefined;
}

/** The body of `PUT /v1/members/{id}`. `usage` and `holdings` stay as they are where absent. */
export interface MemberFacts {
  readonly terms: readonly TermFacts[];
  readonly extras: readonly ExtraFacts[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly usage?: Readonly<Record<string, readonly { readonly at: string; readonly amount: number }[]>>;
  readonly holdings?: Readonly<Record<string, number>>;
}

export interface TermFacts {
  readonly id: string;
  readonly tier: string;
  readonly channel: 'web' | 'ios' | 'android';
  readonly startsAt: string;
  readonly endsAt: string;
  readonly cancelledAt?: string;
  readonly autoRenew?: boolean;
}

export interface ExtraFacts {
  readonly perk: string;
  readonly amount: number;
  readonly from?: string;
  readonly until?: string;
  readonly note?: string;
}

/** What happens at one instant. Everything about terms has become the facts that hold from then on. */
export type Step = StepPlace &
  (
    | { readonly kind: 'put'; readonly member: string; readonly facts: MemberFacts }
    | { readonly kind: 'store'; readonly state: StoreState }
    | {
        readonly kind: 'ask';
        readonly member: string;
        /** The type of the subject, where it only has the member's id. */
        readonly as: string | undefined;
        readonly question: Asked;
        readonly expect: Expectation;
      }
    | {
        readonly kind: 'consume';
        readonly member: string;
        readonly question: Asked;
        /** Absent: a fresh key each time. */
        readonly key: string | undefined;
        readonly times: number;
        readonly expect: Expectation;
      }
    | { readonly kind: 'release'; readonly member: string; readonly key: string; readonly expect: Expectation }
    | {
        readonly kind: 'perks' | 'preview';
        readonly member: string;
        readonly expect: Readonly<Record<string, unknown>>;
      }
  );

export interface StepPlace {
  readonly line: number;
  readonly at: Instant;
  /** For reading: `2026-11-05T10:00Z anna asks lora.train_free`. */
  readonly title: string;
}

export type StoreState = 'up' | 'down' | 'stale';

/** A question without who asks and when. */
export interface Asked {
  readonly action: string;
  readonly ruleSet: string;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly resource?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly amount?: number;
}

/** What an answer has to say: paths of the answer and the values there. Nothing else is compared. */
export interface Expectation {
  /** When the versions after the first start: an answer may hold only until then. */
  readonly laterStarts: readonly string[];
  /** Exactly these: by dotted names, such as `reason.code`. */
  readonly exact: ReadonlyMap<readonly string[], unknown>;
  /** The keys of `values`, in order; null where that is not compared. */
  readonly tookPart: readonly string[] | null;
  /** The code of the problem where no decision is expected. */
  readonly error: { readonly code: string; readonly field: string | undefined } | null;
}
