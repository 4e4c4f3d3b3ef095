import type {
  ApiAmounts,
  ApiGrantValues,
  ApiLimitValues,
  ApiQuotaValues,
  ApiSlotsValues,
  ApiSwitchValues,
  ApiTableValues,
} from '../generated/answers/decisions/perk-values.ts';

/** What a rule set declares, as `perkbook types` writes it. Of several rule sets: `Perkbook<Club & Documents>`. */
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

export type ActionOf<R extends RuleSetTypes> = keyof R['actions'] & string;
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
export type PerkOf<R extends RuleSetTypes> = keyof R['perks'] & string;
export type TierOf<R extends RuleSetTypes> = keyof R['tiers'] & string;
export type ReasonOf<R extends RuleSetTypes> = keyof R['reasons'] & string;

/** The values of a decision, by perk; those that took part are there. */
export type ValuesOf<R extends RuleSetTypes> = {
  readonly [P in PerkOf<R>]?: string extends P ? unknown : PerkValuesOf<R['perks'][P]>;
} & { readonly [A in keyof R['answers']]?: unknown };

/** Of a perk that older versions have as another kind: the values of either. */
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
