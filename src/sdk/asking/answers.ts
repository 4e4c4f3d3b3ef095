import type { ApiDecision } from '../../generated/answers/decisions/decision.ts';
import { PerkbookError } from '../perkbook-error.ts';
import type { Settings } from '../settings.ts';
import type { Crowd } from '../transport/crowd.ts';
import { send } from '../transport/send.ts';
import { answerIn, notPerkbook } from './answer-in.ts';

type Answers = readonly (ApiDecision | PerkbookError)[];

/** How many bodies may be refused before no more of them are halved: enough to find three questions among a thousand. */
const MOST_HALVED = 32;

/**
 * The answers to questions, each with its problem where it has one. A body that is refused for what one question in it says is sent again in
 * halves: INVARIANT, up to a bound: no question fails because of what another one says.
 */
export async function answersTo(
  questions: readonly string[],
  crowd: Crowd,
  settings: Settings,
  halves = { left: MOST_HALVED },
): Promise<Answers> {
  const [first] = questions;
  if (questions.length === 1 && first !== undefined)
    return [answerIn(await send({ method: 'POST', path: '/v1/decisions', body: first }, crowd, settings))];
  try {
    const body = `{"questions":[${questions.join(',')}]}`;
    const { decisions } = await send({ method: 'POST', path: '/v1/decisions/batch', body }, crowd, settings);
    if (!Array.isArray(decisions) || decisions.length !== questions.length) throw notPerkbook();
    return decisions.map(answerIn);
  } catch (error) {
    if (!isAboutContent(error) || halves.left === 0) throw error;
    halves.left -= 1;
    const middle = questions.length >> 1;
    const both = [questions.slice(0, middle), questions.slice(middle)];
    return (await Promise.all(both.map((half) => inTheirPlace(half, answersTo(half, crowd, settings, halves))))).flat();
  }
}

/** The body was read and refused, as opposed to who sends it. */
function isAboutContent(error: unknown): boolean {
  if (!(error instanceof PerkbookError) || error.kind !== 'problem') return false;
  return error.status === 400 || error.status === 413 || error.status === 422;
}

/** What all of them fail for is the answer to each. */
async function inTheirPlace(questions: readonly string[], answers: Promise<Answers>): Promise<Answers> {
  try {
    return await answers;
  } catch (error) {
    if (!(error instanceof PerkbookError)) throw error;
    return questions.map(() => error);
  }
}
