import { fromApiQuestion } from '../../dist/src/api/decisions/from-api-question.js';
import { toApiBriefDecision, toApiDecision } from '../../dist/src/api/decisions/to-api-decision.js';
import { decide } from '../../dist/src/decide/decide.js';
import { newDecisionId } from '../../dist/src/http/outgoing/decision-id.js';
import { loadBook } from '../load-book.mjs';
import { memberNamed, NOW } from '../questions.mjs';

/** What a service would write that uses the decision code without its server: one member in memory, the same answers. */
export async function answerer() {
  const book = await loadBook();
  const member = memberNamed('u-1');
  const facts = { state: 'fresh', member };
  const decideAsked = (asked) => {
    const checked = fromApiQuestion(asked, book, NOW);
    const ruleSet = book.ruleSets.get(checked.ruleSetId);
    return {
      decision: decide({ ruleSet, facts, question: checked.question, now: NOW }),
      asked: checked,
      at: NOW,
      ruleSet,
    };
  };
  const answer = (asked, detail) => {
    const answered = decideAsked(asked);
    return detail === 'brief' ? toApiBriefDecision(answered) : toApiDecision(answered, newDecisionId());
  };
  return { book, member, decideAsked, answer };
}
