import type { ApiConsumption } from '../generated/answers/consuming/consumption.ts';
import type { ApiDecision, ApiReason } from '../generated/answers/decisions/decision.ts';
import type { ApiPreview } from '../generated/answers/perks/cancellation-preview.ts';
import type { ApiPerks } from '../generated/answers/perks/perks.ts';
import type { PerkbookError } from './perkbook-error.ts';
import type {
  ActionOf,
  AnswerOf,
  AnyRuleSet,
  PerkOf,
  ReasonOf,
  RuleSetTypes,
  TierOf,
  ValuesOf,
} from './rule-set-types.ts';

/** An answer with the words of a rule set in the place of any text. */
type WordedBy<R extends RuleSetTypes, T extends ApiDecision> = Omit<
  T,
  'action' | 'tier' | 'reason' | 'unlockedBy' | 'values'
> & {
  readonly action: ActionOf<R>;
  readonly tier: TierOf<R> | null;
  readonly reason?: ApiReason & { readonly code: ReasonOf<R>; readonly perk?: PerkOf<R> };
  readonly unlockedBy?: TierOf<R> | null;
  readonly values: ValuesOf<R>;
  /** Only there, and true, on an answer that the server did not give. */
  readonly fallback?: never;
};

/** What stands in for an answer that did not come, because the call said `orElse`. */
export interface Fallback<R extends RuleSetTypes = AnyRuleSet> {
  readonly fallback: true;
  readonly decision: 'allow' | 'deny';
  readonly user: string;
  readonly action: ActionOf<R>;
  readonly tier: null;
  readonly membership: 'unknown';
  /** On an allow, too. */
  readonly reason: { readonly code: 'client_fallback'; readonly perk?: never; readonly message: string };
  readonly unlockedBy?: never;
  readonly values: { readonly [V in PerkOf<R> | AnswerOf<R>]?: never };
  readonly validUntil: null;
  readonly degraded: true;
  /** Why no answer came. */
  readonly error: PerkbookError;
}

export type Decision<R extends RuleSetTypes = AnyRuleSet> = WordedBy<R, ApiDecision> | Fallback<R>;

/** A decision with what it recorded: `values` are from before, `after` from afterwards. */
export type Consumption<R extends RuleSetTypes = AnyRuleSet> = Omit<WordedBy<R, ApiConsumption>, 'after'> & {
  readonly after: ValuesOf<R>;
};

export type Perks<R extends RuleSetTypes = AnyRuleSet> = Omit<ApiPerks, 'tier' | 'perks' | 'actions'> & {
  readonly tier: TierOf<R> | null;
  readonly perks: { readonly [P in PerkOf<R>]?: ApiPerks['perks'][string] };
  readonly actions: { readonly [A in ActionOf<R>]?: ApiPerks['actions'][string] };
};

export type CancellationPreview<R extends RuleSetTypes = AnyRuleSet> = Omit<ApiPreview, 'tier' | 'perks'> & {
  readonly tier: TierOf<R> | null;
  readonly perks: { readonly [P in PerkOf<R>]?: ApiPreview['perks'][string] };
};
