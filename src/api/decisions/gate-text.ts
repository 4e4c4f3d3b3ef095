import type { PerkValues } from '../../domain/perk.ts';
import { isReasonCode, type ReasonCode } from '../../domain/reason.ts';
import type { JudgedCondition } from '../../rules/compile/engine.ts';
import type { ExplainedGate } from '../../use-cases/decisions/explain.ts';
import { conditionText, simplified, symbolOf } from './condition-text.ts';

/** What is said of a check without a condition. */
export const EVERYBODY = 'denied for everybody';

export interface GateContext {
  /** What people call the tier that judged; absent for a rule set without tiers. */
  readonly tier: string | undefined;
  readonly amount: number;
  /** What the decision shows, by perk: up to and including the one that denied. */
  readonly values: Readonly<Record<string, PerkValues>>;
}

/** What a gate compared, in numbers, and whether it held: `6 <= 5 does not hold (Starter)`. */
export function gateText({ gate, judged }: ExplainedGate, context: GateContext): string {
  const { card } = gate;
  const { code } = gate.gate;
  if (card === null || !isReasonCode(code)) return checkText(judged);
  // A value that is not listed is listed for nobody.
  const tier = context.tier === undefined || code === 'value_not_listed' ? '' : ` (${context.tier})`;
  return `${perkText(code, judged, context, context.values[card.id])}${tier}`;
}

function checkText(judged: JudgedCondition): string {
  const condition = checkCondition(judged);
  return condition === undefined ? EVERYBODY : `${conditionText(condition)} ${holds(condition.result)}`;
}

/** The same without what was compared, where the condition has a name: `subscribed holds`. */
export function checkHead(judged: JudgedCondition): string {
  const condition = checkCondition(judged);
  if (condition === undefined) return EVERYBODY;
  return `${condition.name ?? conditionText(condition)} ${holds(condition.result)}`;
}

/** The condition of a check as it is read: "subscribed does not hold", never "not subscribed holds". Absent where there is none. */
export function checkCondition(judged: JudgedCondition): JudgedCondition | undefined {
  const plain = simplified(judged);
  if (plain.name !== undefined || plain.not === undefined) return plain;
  const inner = simplified(plain.not);
  return inner.all?.length === 0 ? undefined : inner;
}

function perkText(
  code: ReasonCode,
  judged: JudgedCondition,
  { amount }: GateContext,
  values: PerkValues | undefined,
): string {
  const comparisons = judged.all ?? [];
  const [first] = comparisons;
  switch (code) {
    case 'membership_ended':
    case 'not_in_plan':
      return accessText(code, first?.factResult);
    case 'value_not_listed':
      return `${values?.kind === 'table' ? values.key : 'the value asked for'} is ${judged.result ? '' : 'not '}listed`;
    case 'already_claimed':
      return judged.result ? 'not claimed yet in this period' : 'claimed already in this period';
    case 'quota_used_up':
      return `${budgetText(first, amount, 'used')} ${holds(judged.result)}`;
    case 'slots_full':
      return `${budgetText(first, amount, 'in use')} ${holds(judged.result)}`;
    case 'limit_exceeded':
    case 'unknown_user':
    case 'facts_unavailable': {
      const single = comparisons.length === 1;
      return `${comparisons.map((each) => comparedText(each, single)).join(' and ')} ${holds(judged.result)}`;
    }
  }
}

/** The gates before any number: whether there is anything to count at all. */
function accessText(code: 'membership_ended' | 'not_in_plan', access: unknown): string {
  if (access === 'granted') return code === 'not_in_plan' ? 'included' : 'has not ended';
  if (access === 'membership_ended')
    return code === 'not_in_plan' ? 'a past membership had it' : 'ended with the membership';
  return code === 'not_in_plan' ? 'not included' : 'no past membership had it';
}

/** What is compared is what would be used afterwards. */
function budgetText(comparison: JudgedCondition | undefined, amount: number, word: string): string {
  const wanted = typeof comparison?.factResult === 'number' ? comparison.factResult : Number.NaN;
  return `${wanted - amount} ${word} + ${amount} asked <= ${numberText(comparison?.valueResult)}`;
}

function comparedText({ path, operator, factResult, valueResult }: JudgedCondition, single: boolean): string {
  const measure = single ? '' : `${path?.split('.').at(-1)} `;
  return `${measure}${numberText(factResult)} ${symbolOf(operator)} ${numberText(valueResult)}`;
}

function numberText(value: unknown): string {
  return value === Number.POSITIVE_INFINITY ? 'unlimited' : value === null ? 'nothing' : String(value);
}

function holds(result: boolean): string {
  return result ? 'holds' : 'does not hold';
}
