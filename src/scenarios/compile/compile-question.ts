import { fromApiQuestion } from '../../api/decisions/from-api-question.ts';
import type { Instant } from '../../domain/instant.ts';
import { Problem } from '../../domain/problem.ts';
import { type Path, pathOf } from '../../rules/load/finding.ts';
import { at as valueAt } from '../../rules/load/shape/tree.ts';
import type { Context } from './context.ts';
import type { Asked } from './scenario.ts';

/** Where a question is written: a step or a row. */
export interface QuestionText {
  readonly input?: Readonly<Record<string, unknown>>;
  readonly resource?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly amount?: number;
}

/**
 * The question as it will be sent. Checked now, so that a mistyped action or input is a finding with its place, and no test that
 * fails; unless it is the point of the step: `wrong` says that a problem is expected.
 */
export function compileQuestion(
  action: string,
  text: QuestionText,
  {
    path,
    verb,
    wrong,
    at,
  }: { readonly path: Path; readonly verb: string; readonly wrong: boolean; readonly at: Instant },
  context: Context,
): Asked {
  const question: Asked = {
    action,
    ruleSet: context.ruleSet.id,
    ...(text.input === undefined ? {} : { input: text.input }),
    ...(text.resource === undefined ? {} : { resource: text.resource }),
    ...(text.context === undefined ? {} : { context: text.context }),
    ...(text.amount === undefined ? {} : { amount: text.amount }),
  };
  if (wrong) return question;
  try {
    fromApiQuestion({ user: 'anybody', ...question }, context.book, at);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const field = pathOf(error.field ?? '');
    const place = field[0] === 'action' ? [...path, verb] : [...path, ...field];
    context.report({
      code:
        error.code === 'unknown_action'
          ? 'unknown_action'
          : error.code === 'missing_field'
            ? 'missing_property'
            : 'wrong_value',
      message: error.message,
      path: place,
      atKey: error.code === 'unknown_field' && valueAt(text, field) !== undefined,
      didYouMean: error.didYouMean,
    });
  }
  return question;
}
