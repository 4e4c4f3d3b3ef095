import type { ApiDecision } from '../../generated/answers/decisions/decision.ts';
import type { ApiExplanation } from '../../generated/answers/decisions/explanation.ts';
import type { Action } from '../../rules/rule-set.ts';

/** Where questions are answered: here, or by a server. Speaks the wire's language, so that both are shown alike. */
export interface Desk {
  /** What the action declares: how the words of the command line are to be read. Undefined where that may not be read. */
  actionNamed(action: string, ruleSet: string | undefined): Promise<Pick<Action, 'input' | 'resource'> | undefined>;
  ask(question: unknown): Promise<ApiDecision>;
  explain(question: unknown): Promise<ApiExplanation>;
  /** What people call a tier. */
  titleOf(tier: string): string;
  /** Whether anything is stored about a user; undefined where that cannot be told. */
  knows(user: string): Promise<boolean | undefined>;
  close(): Promise<void>;
}
