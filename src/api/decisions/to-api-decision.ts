import type { Decision } from '../../domain/decision.ts';
import { formatInstant, type Instant } from '../../domain/instant.ts';
import type { PerkValues } from '../../domain/perk.ts';
import type { ApiBriefDecision } from '../../generated/answers/decisions/brief-decision.ts';
import type { ApiDecision, ApiValues } from '../../generated/answers/decisions/decision.ts';
import type { Answer } from '../../use-cases/decisions/ask.ts';
import { messageOf } from './message.ts';

/** A decision as callers get it. `id`: made at the edge, one per decision. */
// Two plain literals, because spreading the common part costs three times as much as all the rest.
export function toApiDecision({ decision, asked, at, ruleSet }: Answer, id: string): ApiDecision {
  const { reason } = decision;
  const { subject, action } = asked.question;
  if (reason === null) {
    return {
      id,
      decision: 'allow',
      user: subject.id,
      action,
      at: instantText(at),
      tier: decision.tier,
      membership: decision.membership,
      values: toApiValues(decision.values, decision.answers),
      validUntil: toApiInstant(decision.validUntil),
      ruleSet: judgedBy(decision),
      degraded: decision.degraded,
    };
  }
  const { code, perk } = reason;
  const message = messageOf(decision, ruleSet, asked.question.amount);
  return {
    id,
    decision: 'deny',
    user: subject.id,
    action,
    at: instantText(at),
    tier: decision.tier,
    membership: decision.membership,
    reason: perk === null ? { code, message } : { code, perk, message },
    values: toApiValues(decision.values, decision.answers),
    unlockedBy: decision.unlockedBy,
    validUntil: toApiInstant(decision.validUntil),
    ruleSet: judgedBy(decision),
    degraded: decision.degraded,
  };
}

function judgedBy({ judgedBy: ref, mixed }: Decision): ApiDecision['ruleSet'] {
  return mixed === null ? ref : { ...ref, perks: mixed };
}

/** `detail: brief`: what a caller that only acts on the answer needs. */
export function toApiBriefDecision({ decision }: Pick<Answer, 'decision'>): ApiBriefDecision {
  return {
    decision: decision.allowed ? 'allow' : 'deny',
    code: decision.reason?.code ?? null,
    validUntil: toApiInstant(decision.validUntil),
  };
}

/** The values of perks and the answers of rules, by their keys. */
export function toApiValues(
  values: Readonly<Record<string, PerkValues>>,
  answers: Decision['answers'] = null,
): ApiValues {
  const written: Record<string, unknown> = {};
  for (const perk in values) {
    const each = values[perk];
    if (each !== undefined) written[perk] = toApiPerkValues(each);
  }
  return answers === null ? written : Object.assign(written, answers);
}

export function toApiPerkValues(values: PerkValues): Readonly<Record<string, unknown>> {
  const own = kindValues(values);
  return values.echoes === undefined ? own : { ...own, ...values.echoes };
}

function kindValues(values: PerkValues): Readonly<Record<string, unknown>> {
  switch (values.kind) {
    case 'switch':
      return { included: values.included };
    case 'limit':
      return { asked: values.asked, limit: values.limit };
    case 'quota': {
      const { limit, used, remaining, overage } = values;
      const resetsAt = toApiInstant(values.resetsAt);
      return overage === 0 ? { limit, used, remaining, resetsAt } : { limit, used, remaining, overage, resetsAt };
    }
    case 'slots': {
      const { limit, used, remaining, overage } = values;
      return overage === 0 ? { limit, used, remaining } : { limit, used, remaining, overage };
    }
    case 'grant':
      return { amount: values.amount, claimed: values.claimed, resetsAt: toApiInstant(values.resetsAt) };
    case 'table':
      return { key: values.key, amount: values.amount };
  }
}

export function toApiInstant(instant: Instant | null): string | null {
  return instant === null ? null : instantText(instant);
}

// Most answers of a moment carry the same few instants: now, the end of the day, the end of a term. Bounded; forgetting is safe.
const instantTexts = new Map<Instant, string>();
const INSTANTS = 4096;

function instantText(instant: Instant): string {
  const known = instantTexts.get(instant);
  if (known !== undefined) return known;
  if (instantTexts.size >= INSTANTS) instantTexts.clear();
  const text = formatInstant(instant);
  instantTexts.set(instant, text);
  return text;
}
