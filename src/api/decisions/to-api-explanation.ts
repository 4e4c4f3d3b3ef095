import type { ApiCondition, ApiExplanation, ApiGate } from '../../generated/answers/decisions/explanation.ts';
import type { JudgedCondition } from '../../rules/compile/engine.ts';
import type { Version } from '../../rules/rule-set.ts';
import type { ExplainedGate, Explanation } from '../../use-cases/decisions/explain.ts';
import { changeSentence } from './change-sentence.ts';
import { conditionText } from './condition-text.ts';
import { gateText } from './gate-text.ts';
import { toApiDecision } from './to-api-decision.ts';

/** A decision, why that version made it, every gate in order as json-rules-engine judged it, and what would change it. */
export function toApiExplanation(explanation: Explanation, id: string): ApiExplanation {
  const { answered, gates, whyVersion, changes } = explanation;
  const { decision } = answered;
  const version = answered.ruleSet.versions.find((each) => each.ref.version === decision.judgedBy.version);
  return {
    decision: toApiDecision(answered, id),
    judgedBy: { version: decision.judgedBy.version, why: whyVersion },
    gates: gates.map((each) => toApiGate(each, explanation, version)),
    changes: version === undefined ? [] : changes.map((change) => changeSentence(change, explanation, version)),
  };
}

function toApiGate(explained: ExplainedGate, explanation: Explanation, version: Version | undefined): ApiGate {
  const { gate, takesPart, judged, when } = explained;
  const { decision, asked } = explanation.answered;
  const tier = version?.tiers.find((each) => each.id === decision.tier)?.title;
  return {
    name: gate.gate.name,
    code: gate.gate.code,
    ...(gate.card === null ? {} : { perk: gate.card.id, title: gate.card.title }),
    takesPart,
    held: judged.result,
    condition: toApiCondition(judged),
    text:
      takesPart || when === null
        ? gateText(explained, { tier, amount: asked.question.amount, values: decision.values })
        : `takes no part: ${conditionText(when)} does not hold`,
  };
}

/** The tree as JSON can say it: an unlimited number, which the gates compare as infinite, is the word. */
function toApiCondition({ result, name, all, any, not, ...compared }: JudgedCondition): ApiCondition {
  const head = name === undefined ? { result } : { name, result };
  if (all !== undefined) return { ...head, all: all.map(toApiCondition) };
  if (any !== undefined) return { ...head, any: any.map(toApiCondition) };
  if (not !== undefined) return { ...head, not: toApiCondition(not) };
  const { fact, path, operator, value, factResult, valueResult } = compared;
  return {
    ...head,
    ...(fact !== undefined && { fact }),
    ...(path !== undefined && { path }),
    ...(operator !== undefined && { operator }),
    value,
    factResult: finite(factResult),
    valueResult: finite(valueResult),
  };
}

function finite(value: unknown): unknown {
  return value === Number.POSITIVE_INFINITY ? 'unlimited' : value;
}
