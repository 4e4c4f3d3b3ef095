import type {
  ApiAmounts,
  ApiGrantValues,
  ApiLimitValues,
  ApiQuotaValues,
  ApiSlotsValues,
  ApiSwitchValues,
  ApiTableValues,
} from '../generated/answers/decisions/perk-values.ts';

/** What a rule set declares, as `perkbook types` writes it. Of several rule sets: `Perkbook<Club | Documents>`. */
export interface RuleSetTypes {
  readonly actions: Readonly<Record<string, ActionTypes>>;
  readonly perks: Readonly<Record<string, PerkTypes>>;
  readonly tiers: Readonly<Record<string, unknown>>;
  readonly reasons: Readonly<Record<string, unknown>>;
  /** What rules answer beside the perks. */
  readonly answers: Readonly<Record<string, unknown>>;
}

export interface ActionTypes {
  readonly input: Readonly<Record<string, unknown>> | null;
  /** The type of what it is done to. */
  readonly resource: string | null;
}

export interface PerkTypes {
  readonly kind: keyof KindValues;
  /** The names of what a limit measures, where it is more than one thing. */
  readonly measures?: string;
  /** The values of the question that it shows again. */
  readonly echoes?: string;
}

/** Any rule set: nothing is known of it, and the server says what is wrong. */
export interface AnyRuleSet extends RuleSetTypes {
  readonly actions: Readonly<
    Record<string, { readonly input: Readonly<Record<string, unknown>>; readonly resource: string }>
  >;
}

// Each of these is of every rule set of a union: what any of them has.

export type ActionOf<R extends RuleSetTypes> = R extends unknown ? keyof R['actions'] & string : never;
export type PerkOf<R extends RuleSetTypes> = R extends unknown ? keyof R['perks'] & string : never;
export type TierOf<R extends RuleSetTypes> = R extends unknown ? keyof R['tiers'] & string : never;
export type ReasonOf<R extends RuleSetTypes> = R extends unknown ? keyof R['reasons'] & string : never;
export type AnswerOf<R extends RuleSetTypes> = R extends unknown ? keyof R['answers'] : never;
/** An action as each rule set that has it declares it. */
export type ActionTypesOf<R extends RuleSetTypes, A extends string> = R extends unknown
  ? MemberOf<R['actions'], A>
  : never;
type PerkTypesOf<R extends RuleSetTypes, P extends string> = R extends unknown ? MemberOf<R['perks'], P> : never;
type MemberOf<T, Name extends string> = Name extends keyof T ? T[Name] : never;

/** Whether some input of an action has no default. */
export type NeedsInput<A extends ActionTypes> = A['input'] extends null
  ? false
  : Record<never, never> extends A['input']
    ? false
    : true;
/** Whether it is known to be done to something. */
export type NeedsResource<A extends ActionTypes> = A['resource'] extends null
  ? false
  : string extends A['resource']
    ? false
    : true;

/** The values of a decision, by perk; those that took part are there. */
export type ValuesOf<R extends RuleSetTypes> = {
  readonly [P in PerkOf<R>]?: string extends P ? unknown : PerkValuesOf<PerkTypesOf<R, P>>;
} & { readonly [A in AnswerOf<R>]?: unknown };

/** Of a perk that older versions, or other rule sets, have as another kind: the values of either. */
type PerkValuesOf<P extends PerkTypes> = P extends PerkTypes
  ? Declared<KindValues[P['kind']]> &
      (P extends { readonly kind: 'limit' } ? MeasuredBy<P> : unknown) &
      (P extends { readonly echoes: infer Name extends string } ? { readonly [N in Name]: unknown } : unknown)
  : never;

interface KindValues {
  readonly switch: ApiSwitchValues;
  readonly limit: ApiLimitValues;
  readonly quota: ApiQuotaValues;
  readonly slots: ApiSlotsValues;
  readonly grant: ApiGrantValues;
  readonly table: ApiTableValues;
}

type MeasuredBy<P> = P extends { readonly measures: infer Name extends string }
  ? { readonly [F in 'asked' | 'limit']: { readonly [N in Name]: number | null } }
  : { readonly [F in 'asked' | 'limit']: Extract<ApiAmounts, number | null> };

/** Only what is named: with `[k: string]: unknown` a slip of the pen would compile. */
type Declared<T> = { readonly [K in keyof T as string extends K ? never : K]: T[K] };
