import type { ApiConsume } from '../generated/consume.ts';
import type { ApiQuestion } from '../generated/question.ts';
import type { ActionOf, ActionTypes, AnyRuleSet, NeedsInput, RuleSetTypes } from './rule-set-types.ts';

/** A question about one action. Without `detail`: the client needs the whole answer. */
export type QuestionOf<R extends RuleSetTypes, A extends ActionOf<R>> = Omit<
  ApiQuestion,
  'action' | 'input' | 'resource' | 'detail'
> & { readonly action: A } & InputPart<R['actions'][A]> &
  ResourcePart<R['actions'][A]>;

/** May this user do this? */
export type Question<R extends RuleSetTypes = AnyRuleSet> = { [A in ActionOf<R>]: QuestionOf<R, A> }[ActionOf<R>];

/** A question whose answer is used up at once. The key names the attempt: sent again, it counts once. */
export type Attempt<R extends RuleSetTypes = AnyRuleSet> = Question<R> & Pick<ApiConsume, 'idempotencyKey'>;

/** What is to be given back. */
export interface Release extends Pick<ApiConsume, 'idempotencyKey'> {
  readonly user: string;
}

/** About whom, and when and how fresh. */
export type About = Pick<ApiQuestion, 'user' | 'at' | 'minRevision'>;

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
