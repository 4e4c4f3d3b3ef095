import type { Decision } from '../decision.ts';
import { PerkbookError } from '../perkbook-error.ts';
import type { Question } from '../question.ts';
import type { Crowd } from '../transport/crowd.ts';
import type { Caller, WaitingRoom } from '../transport/waiting-room.ts';
import { canonical } from './canonical.ts';
import { fallback } from './fallback.ts';
import { eachInItsPlace, inItsPlace } from './in-its-place.ts';
import type { Inquiries } from './inquiries.ts';

/** Asks them together, and waits for all of them as one caller. What could not be had in time is answered by `orElse`, if there is one. */
export async function askAll(
  inquiries: Inquiries,
  room: WaitingRoom,
  questions: readonly Question[],
  caller: Caller & { readonly orElse: 'allow' | 'deny' | undefined },
): Promise<readonly Decision[]> {
  const decisions: Decision[] = [];
  const crowds = new Set<Crowd>();
  const insteadOf = (question: Question, error: unknown): Decision => {
    if (caller.orElse === undefined || !(error instanceof PerkbookError) || !error.isOutage) throw error;
    return fallback(question, caller.orElse, error);
  };
  // All of them before the first is asked: a slip in one must not leave another under way that nobody waits for.
  const keyed = eachInItsPlace(questions, (question) => ({ question, key: canonical(question) }));
  const arriving = keyed.flatMap(({ question, key }, i) => {
    const asked = inquiries.ask(key, question);
    if (!('crowd' in asked)) {
      decisions[i] = asked as Decision;
      return [];
    }
    crowds.add(asked.crowd);
    return asked.answer
      .catch((error: unknown) => insteadOf(question, inItsPlace(error, i, questions)))
      .then((decision) => {
        decisions[i] = decision as Decision;
      });
  });
  if (arriving.length === 0) return decisions;
  try {
    await room.wait(crowds, caller, Promise.all(arriving));
    return decisions;
  } catch (error) {
    // Those that have come stay. What no fallback is for throws again.
    return questions.map((question, i) => decisions[i] ?? insteadOf(question, error));
  }
}
