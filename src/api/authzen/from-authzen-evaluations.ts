import type { AuthzenEvaluations, AuthzenOptions } from '../../generated/authzen/evaluations.ts';
import { SchemaCheck } from '../schema.ts';
import { schemaProblem } from '../schema-problem.ts';

const evaluationsCheck = new SchemaCheck<AuthzenEvaluations>('authzen/evaluations');

export type Semantic = NonNullable<AuthzenOptions['evaluations_semantic']>;

export interface Evaluations {
  /** Each still to be checked, with what it does not say itself; undefined: the body is a single evaluation. */
  readonly evaluations: readonly unknown[] | undefined;
  readonly semantic: Semantic;
}

const SHARED = ['subject', 'action', 'resource', 'context'] as const;

/** Several evaluations from the wire. Throws a `Problem` for what concerns all of them. */
export function fromAuthzenEvaluations(json: unknown): Evaluations {
  if (!evaluationsCheck.matches(json)) throw schemaProblem(evaluationsCheck.errors);
  const { evaluations = [], options } = json;
  return {
    evaluations: evaluations.length === 0 ? undefined : evaluations.map((each) => withDefaults(each, json)),
    semantic: options?.evaluations_semantic ?? 'execute_all',
  };
}

/** What an evaluation names replaces the default whole: two subjects never share their properties. */
function withDefaults(evaluation: unknown, defaults: AuthzenEvaluations): unknown {
  if (typeof evaluation !== 'object' || evaluation === null || Array.isArray(evaluation)) return evaluation;
  const own = evaluation as Readonly<Record<string, unknown>>;
  const whole: Record<string, unknown> = {};
  for (const name of SHARED) {
    if (Object.hasOwn(own, name)) whole[name] = own[name];
    else if (Object.hasOwn(defaults, name)) whole[name] = defaults[name];
  }
  return whole;
}
