import { fromApiBatch, fromApiQuestion, type QuestionDefaults } from '../../api/decisions/from-api-question.ts';
import { toApiBriefDecision, toApiDecision } from '../../api/decisions/to-api-decision.ts';
import { Problem } from '../../domain/problem.ts';
import type { ApiNotUnderstood } from '../../generated/answers/decisions/batch.ts';
import type { ApiDecisionOrBrief } from '../../generated/answers/decisions/decision-or-brief.ts';
import { ownBook } from '../../rules/own-book.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import type { Told } from '../../use-cases/decisions/told.ts';
import type { MaybePromise } from '../../use-cases/ports.ts';
import { askFor, permit } from '../asking.ts';
import type { Deps } from '../deps.ts';
import { JSON_TYPE } from '../incoming/media-type.ts';
import { newDecisionId } from '../outgoing/decision-id.ts';
import { toProblem, toProblemJson } from '../outgoing/problem-json.ts';
import { json, type Reply } from '../outgoing/reply.ts';
import type { Call, Route } from '../route.ts';

export function decisionRoutes(deps: Deps): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/decisions',
      scope: 'decide',
      takes: [JSON_TYPE],
      answer: (call) => decide(deps, call),
    },
    {
      method: 'POST',
      path: '/v1/decisions/batch',
      scope: 'decide',
      takes: [JSON_TYPE],
      answer: (call) => decideAll(deps, call),
    },
    {
      method: 'POST',
      path: '/v1/decisions/explain',
      scope: 'decide',
      takes: [JSON_TYPE],
      answer: (call) => explainOne(deps, call),
    },
  ];
}

function decide(deps: Deps, call: Call): MaybePromise<Reply> {
  const book = ownBook(call.caller, deps.rules.book);
  const told = askFor(deps, call, book, fromApiQuestion(call.body, book, deps.clock.now()));
  return told instanceof Promise ? told.then(decisionReply) : decisionReply(told);
}

function decisionReply(told: Told): Reply {
  return json(200, toApi(told));
}

function toApi({ id, answered }: Told): ApiDecisionOrBrief {
  return answered.asked.detail === 'brief' ? toApiBriefDecision(answered) : toApiDecision(answered, id);
}

/** All questions are judged by the same rules, also when others are put in force meanwhile. */
function decideAll(deps: Deps, call: Call): MaybePromise<Reply> {
  const book = ownBook(call.caller, deps.rules.book);
  const { questions, defaults } = fromApiBatch(call.body);
  deps.owe?.(call.caller, questions.length - 1);
  let waits = false;
  const decisions = questions.map((question) => {
    const decision = decideInBatch(deps, call, book, question, defaults);
    if (decision instanceof Promise) waits = true;
    return decision;
  });
  return waits ? Promise.all(decisions).then(batchReply) : batchReply(decisions);
}

function batchReply(decisions: readonly unknown[]): Reply {
  return json(200, { decisions });
}

function decideInBatch(
  deps: Deps,
  call: Call,
  book: RuleBook,
  question: unknown,
  defaults: QuestionDefaults,
): MaybePromise<ApiDecisionOrBrief | ApiNotUnderstood> {
  try {
    if (typeof question !== 'object' || question === null || Array.isArray(question)) {
      throw new Problem('invalid_field', 'the question must be an object', { field: '' });
    }
    const told = askFor(deps, call, book, fromApiQuestion(question, book, deps.clock.now(), defaults));
    return told instanceof Promise ? told.then(toApi).catch(notUnderstood) : toApi(told);
  } catch (error) {
    return notUnderstood(error);
  }
}

/** The problem in the place of its question, its `field` a pointer into that question. What nobody expected fails the whole batch. */
function notUnderstood(error: unknown): ApiNotUnderstood {
  const problem = toProblem(error);
  if (problem.code === 'internal_error') throw error;
  return { error: toProblemJson(problem) };
}

/** Loaded with the first question, because it brings json-rules-engine with it. */
async function explainOne(deps: Deps, { caller, body }: Call): Promise<Reply> {
  const book = ownBook(caller, deps.rules.book);
  const asked = fromApiQuestion(body, book, deps.clock.now());
  permit(caller, asked);
  if (asked.detail === 'brief') {
    throw new Problem('invalid_field', '`detail` must be `full` here: an explanation has no short form', {
      field: '/detail',
    });
  }
  const [{ explain }, { toApiExplanation }] = await Promise.all([
    import('../../use-cases/decisions/explain.ts'),
    import('../../api/decisions/to-api-explanation.ts'),
  ]);
  return json(200, toApiExplanation(await explain(deps, book, asked), newDecisionId()));
}
