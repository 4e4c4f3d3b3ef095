import type { Case } from '../compile/scenario.ts';

/** What came of replaying scenarios. Data only: the command line, mocha and JUnit each write it in their own way. */
export interface CaseResult {
  readonly case: Pick<Case, 'kind' | 'file' | 'line' | 'group' | 'name' | 'proves' | 'asks' | 'ruleSet'>;
  readonly door: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped. */
  readonly why?: string;
  /** How many answers were compared; of a table, its cells. */
  readonly checked: number;
  readonly failures: readonly StepFailure[];
  readonly durationMs: number;
}

export interface StepFailure {
  readonly line: number;
  /** `2026-11-05 10:00 anna: ask lora.train_free` */
  readonly title: string;
  readonly differences: readonly Difference[];
  /** Gate by gate, why it was answered so; empty where there is nothing to explain. */
  readonly explanation: readonly string[];
}

/** One thing that was said differently. `undefined`: nothing was said. */
export interface Difference {
  /** `reason.code`, `values.free_lora_training.used` */
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}
