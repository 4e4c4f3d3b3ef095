import type { Question } from '../../../domain/question.ts';
import type { Action, Version } from '../../../rules/rule-set.ts';
import { type AmountsOf, sampleQuestions } from '../../decisions/sample-questions.ts';
import type { Succession } from '../succession.ts';

/** The most questions about one action. */
const MOST_QUESTIONS = 400;
const MOST_AMOUNTS = 24;

/** By action, the questions that tell whether an answer changes: at and above the limits of all versions. */
export type Samples = (user: string) => ReadonlyMap<string, readonly Question[]>;

export function samplesFor({ before, after }: Succession, actions: ReadonlySet<string>): Samples {
  const amountsOf = amountsAround([...before.versions, ...after.versions]);
  const wanted = new Set(actions);
  const sources: ReturnType<typeof sampleQuestions>[] = [];
  // Each as the newest version that has it declares it: one that is gone is asked about as it was.
  for (let count = after.versions.length; count > 0 && wanted.size > 0; count--) {
    const versions = after.versions.slice(0, count);
    const declared = versions.at(-1)?.actions;
    const only = new Set([...wanted].filter((action) => declared?.has(action)));
    for (const action of only) wanted.delete(action);
    if (only.size > 0) sources.push(sampleQuestions({ id: after.id, versions }, { only, amountsOf }));
  }
  return (user) => {
    const byAction = new Map<string, Question[]>();
    for (const question of sources.flatMap((questions) => questions(user))) {
      const others = byAction.get(question.action);
      if (others === undefined) byAction.set(question.action, [question]);
      else if (others.length < MOST_QUESTIONS) others.push(question);
    }
    return byAction;
  };
}

/** One, and for what is counted at and above the number of every tier in every version. */
function amountsAround(versions: readonly Version[]): AmountsOf {
  return (action: Action) => {
    const amounts = new Set([1]);
    for (const { card } of versions.flatMap((version) => version.actions.get(action.id)?.parts ?? [])) {
      if (card.kind.name !== 'quota' && card.kind.name !== 'slots') continue;
      for (let rank = 0; rank < card.kind.ranks; rank++) {
        const limit = card.kind.planned(rank);
        if (typeof limit !== 'number') continue;
        if (limit > 0) amounts.add(limit);
        amounts.add(limit + 1);
      }
    }
    return [...amounts].sort((a, b) => a - b).slice(0, MOST_AMOUNTS);
  };
}
