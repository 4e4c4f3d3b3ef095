import { fromAuthzenEvaluations, type Semantic } from '../../api/authzen/from-authzen-evaluations.ts';
import type { AuthzenAnswer } from '../../generated/authzen/answer.ts';
import type { AuthzenAnswers } from '../../generated/authzen/answers.ts';
import { ownBook } from '../../rules/own-book.ts';
import type { MaybePromise } from '../../use-cases/ports.ts';
import type { Deps } from '../deps.ts';
import type { Call } from '../route.ts';
import { evaluate, evaluateInBatch } from './evaluation.ts';

/** All evaluations of a body, by the same rules, also when others are put in force meanwhile; a single one where it has no list. */
export function evaluateAll(deps: Deps, call: Call): MaybePromise<AuthzenAnswer | AuthzenAnswers> {
  const book = ownBook(call.caller, deps.rules.book);
  const { evaluations, semantic } = fromAuthzenEvaluations(call.body);
  if (evaluations === undefined) return evaluate(deps, call, book, call.body);
  deps.owe?.(call.caller, evaluations.length - 1);
  const evaluateOne = (json: unknown, index: number) => evaluateInBatch(deps, call, book, json, index);
  const stopsAt = STOPS_AT[semantic];
  if (stopsAt !== null) return evaluateUntil(stopsAt, evaluations, evaluateOne);

  let waits = false;
  const answers = evaluations.map((each, index) => {
    const answer = evaluateOne(each, index);
    if (answer instanceof Promise) waits = true;
    return answer;
  });
  return waits ? Promise.all(answers).then(toAnswers) : toAnswers(answers as readonly AuthzenAnswer[]);
}

/** The decision with which each semantic is done. */
const STOPS_AT: Readonly<Record<Semantic, boolean | null>> = {
  execute_all: null,
  deny_on_first_deny: false,
  permit_on_first_permit: true,
};

/** What comes after the deciding one is not asked at all. */
async function evaluateUntil(
  decision: boolean,
  evaluations: readonly unknown[],
  evaluateOne: (json: unknown, index: number) => MaybePromise<AuthzenAnswer>,
): Promise<AuthzenAnswers> {
  const answers: AuthzenAnswer[] = [];
  for (const [index, each] of evaluations.entries()) {
    const answer = await evaluateOne(each, index);
    answers.push(answer);
    if (answer.decision === decision) break;
  }
  return toAnswers(answers);
}

function toAnswers(evaluations: readonly AuthzenAnswer[]): AuthzenAnswers {
  return { evaluations };
}
