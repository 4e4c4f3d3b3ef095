import type { JudgedCondition } from '../rules/engine.ts';
import type { Version } from '../rules/rule-set.ts';
import type { ExplainedGate, Explanation } from '../use-cases/decisions/explain.ts';
import { changeSentence } from './change-sentence.ts';
import { conditionText } from './condition-text.ts';
import { gateText } from './gate-text.ts';
import { type ApiDecision, toApiDecision } from './to-api-decision.ts';

/** A decision, why that version made it, every gate in order as json-rules-engine judged it, and what would change it. */
export interface ApiExplanation {
  readonly decision: ApiDecision;
  readonly judgedBy: { readonly version: number; readonly why: string };
  readonly gates: readonly ApiGate[];
  /** Sentences. Empty on an allow. */
  readonly changes: readonly string[];
}

export interface ApiGate {
  /** `loras_per_generation.limit_exceeded` */
  readonly name: string;
  /** The reason of a denial by this gate. */
  readonly code: string;
  /** The perk whose requirement it is, and what people call it; absent for a check of `rules:`. */
  readonly perk?: string;
  readonly title?: string;
  /** False where the perk's `when` does not hold: then nothing hangs on the gate. */
  readonly takesPart: boolean;
  readonly held: boolean;
  /** json-rules-engine's own tree: `factResult` was compared with `valueResult`. */
  readonly condition: ApiCondition;
  /** The same as one line: `6 <= 5 does not hold (Starter)`. */
  readonly text: string;
}

export type ApiCondition = JudgedCondition;

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
function toApiCondition(node: JudgedCondition): ApiCondition {
  if (node.all !== undefined) return { ...node, all: node.all.map(toApiCondition) };
  if (node.any !== undefined) return { ...node, any: node.any.map(toApiCondition) };
  if (node.not !== undefined) return { ...node, not: toApiCondition(node.not) };
  return { ...node, factResult: finite(node.factResult), valueResult: finite(node.valueResult) };
}

function finite(value: unknown): unknown {
  return value === Number.POSITIVE_INFINITY ? 'unlimited' : value;
}
