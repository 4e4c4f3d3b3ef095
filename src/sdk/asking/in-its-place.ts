import { PerkbookError } from '../perkbook-error.ts';

/** Does `work` for each of a call's questions; what is wrong with one of many says with which. */
export function eachInItsPlace<Q, T>(questions: readonly Q[], work: (question: Q) => T): readonly T[] {
  return questions.map((question, place) => {
    try {
      return work(question);
    } catch (error) {
      throw inItsPlace(error, place, questions);
    }
  });
}

/** Another error than the one that was thrown: whoever else asks the same has asked it in another place. */
export function inItsPlace(error: unknown, place: number, { length }: readonly unknown[]): unknown {
  if (length === 1 || !(error instanceof PerkbookError) || !isAboutQuestion(error)) return error;
  const { kind, detail } = error;
  return new PerkbookError(kind, `\`questions[${place}]\`: ${detail}`, { ...error, question: place, cause: error });
}

/** And not about who asks, or about what answers. */
function isAboutQuestion({ kind, status = 0 }: PerkbookError): boolean {
  return kind === 'misuse' || (kind === 'problem' && status !== 401 && status !== 429 && status < 500);
}
