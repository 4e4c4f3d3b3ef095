import type { ApiConsume } from '../generated/consume.ts';
import type { ApiQuestion } from '../generated/question.ts';
import type { ActionOf, ActionTypes, ActionTypesOf, AnyRuleSet, NeedsInput, RuleSetTypes } from './rule-set-types.ts';

/** A question about one of these actions. Without `detail`: the client needs the whole answer. */
export type QuestionOf<R extends RuleSetTypes, A extends ActionOf<R>> = A extends unknown
  ? Omit<ApiQuestion, 'action' | 'input' | 'resource' | 'detail'> & { readonly action: A } & PartsOf<
        ActionTypesOf<R, A>
      >
  : never;

/** May this user do this? */
export type Question<R extends RuleSetTypes = AnyRuleSet> = QuestionOf<R, ActionOf<R>>;

/** A question whose answer is used up at once. The key names the attempt: sent again, it counts once. */
export type Attempt<R extends RuleSetTypes = AnyRuleSet> = AttemptOf<R, ActionOf<R>>;
export type AttemptOf<R extends RuleSetTypes, A extends ActionOf<R>> = QuestionOf<R, A> &
  Pick<ApiConsume, 'idempotencyKey'>;

/** What is to be given back. */
export interface Release extends Pick<ApiConsume, 'idempotencyKey'> {
  readonly user: string;
}

/** About whom, and when and how fresh. */
export type About = Pick<ApiQuestion, 'user' | 'at' | 'minRevision'>;

/** Where several rule sets have the action: as any of them takes it. */
type PartsOf<A extends ActionTypes> = A extends unknown ? InputPart<A> & ResourcePart<A> : never;

type InputPart<A extends ActionTypes> = A['input'] extends null
  ? { readonly input?: never }
  : NeedsInput<A> extends true
    ? { readonly input: A['input'] }
    : { readonly input?: A['input'] };

type Resource = NonNullable<ApiQuestion['resource']>;

type ResourcePart<A extends ActionTypes> = A['resource'] extends null
  ? { readonly resource?: never }
  : string extends A['resource']
    ? { readonly resource?: Resource }
    : { readonly resource: Resource & { readonly type: A['resource'] } };
