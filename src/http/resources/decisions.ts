import { fromApiBatch, fromApiQuestion, type QuestionDefaults } from '../../api/from-api-question.ts';
import {
  type ApiBriefDecision,
  type ApiDecision,
  toApiBriefDecision,
  toApiDecision,
} from '../../api/to-api-decision.ts';
import { Problem } from '../../domain/problem.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { type Answered, ask } from '../../use-cases/decisions/ask.ts';
import type { MaybePromise } from '../../use-cases/ports.ts';
import type { Deps } from '../deps.ts';
import { JSON_TYPE } from '../incoming/media-type.ts';
import { newDecisionId } from '../outgoing/decision-id.ts';
import { type ProblemJson, toProblem, toProblemJson } from '../outgoing/problem-json.ts';
import { json, type Reply } from '../outgoing/reply.ts';
import type { Route } from '../route.ts';

type ApiAnswer = ApiDecision | ApiBriefDecision;
/** What a batch has in the place of a question that could not be understood. */
interface NotUnderstood {
  readonly error: ProblemJson;
}

export function decisionRoutes(deps: Deps): readonly Route[] {
  return [
    { method: 'POST', path: '/v1/decisions', takes: [JSON_TYPE], answer: ({ body }) => decide(deps, body) },
    { method: 'POST', path: '/v1/decisions/batch', takes: [JSON_TYPE], answer: ({ body }) => decideAll(deps, body) },
    { method: 'POST', path: '/v1/decisions/explain', takes: [JSON_TYPE], answer: ({ body }) => explainOne(deps, body) },
  ];
}

function decide(deps: Deps, body: unknown): MaybePromise<Reply> {
  const { book } = deps.rules;
  const answered = ask(deps, book, fromApiQuestion(body, book, deps.clock.now()));
  return answered instanceof Promise ? answered.then(decisionReply) : decisionReply(answered);
}

function decisionReply(answered: Answered): Reply {
  return json(200, toApi(answered));
}

function toApi(answered: Answered): ApiAnswer {
  return answered.asked.detail === 'brief' ? toApiBriefDecision(answered) : toApiDecision(answered, newDecisionId());
}

/** All questions are judged by the same rules, also when others are put in force meanwhile. */
function decideAll(deps: Deps, body: unknown): MaybePromise<Reply> {
  const { book } = deps.rules;
  const { questions, defaults } = fromApiBatch(body);
  let waits = false;
  const decisions = questions.map((question) => {
    const decision = decideInBatch(deps, book, question, defaults);
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
  book: RuleBook,
  question: unknown,
  defaults: QuestionDefaults,
): MaybePromise<ApiAnswer | NotUnderstood> {
  try {
    if (typeof question !== 'object' || question === null || Array.isArray(question)) {
      throw new Problem('invalid_field', 'the question must be an object', { field: '' });
    }
    const answered = ask(deps, book, fromApiQuestion(question, book, deps.clock.now(), defaults));
    return answered instanceof Promise ? answered.then(toApi).catch(notUnderstood) : toApi(answered);
  } catch (error) {
    return notUnderstood(error);
  }
}

/** The problem in the place of its question, its `field` a pointer into that question. What nobody expected fails the whole batch. */
function notUnderstood(error: unknown): NotUnderstood {
  const problem = toProblem(error);
  if (problem.code === 'internal_error') throw error;
  return { error: toProblemJson(problem) };
}

/** Loaded with the first question, because it brings json-rules-engine with it. */
async function explainOne(deps: Deps, body: unknown): Promise<Reply> {
  const { book } = deps.rules;
  const asked = fromApiQuestion(body, book, deps.clock.now());
  if (asked.detail === 'brief') {
    throw new Problem('invalid_field', '`detail` must be `full` here: an explanation has no short form', {
      field: '/detail',
    });
  }
  const [{ explain }, { toApiExplanation }] = await Promise.all([
    import('../../use-cases/decisions/explain.ts'),
    import('../../api/to-api-explanation.ts'),
  ]);
  return json(200, toApiExplanation(await explain(deps, book, asked), newDecisionId()));
}
