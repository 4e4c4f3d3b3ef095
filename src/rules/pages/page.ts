import type { Rule, RuleFile } from '../../generated/rule-file.ts';
import { matrixOf } from '../matrix.ts';
import type { Card, Policy, Version } from '../rule-set.ts';
import { afterEndSentence } from './after-end-sentence.ts';
import { type Cells, matrixCells } from './matrix-cells.ts';

/** A rule set as people read it: all texts as they are, to be escaped by whoever writes them down. */
export interface Page {
  readonly ruleSet: string;
  readonly title: string;
  readonly version: number;
  /** `1 January 2026`, with the time where it is not midnight; UTC. */
  readonly from: string;
  /** What every tier gets; null without tiers. */
  readonly table: Cells | null;
  /** What the table does not say: when days and months begin, which tiers are no longer sold. */
  readonly notes: readonly string[];
  readonly perks: readonly PagePerk[];
  /** What is no perk, by action. */
  readonly rules: readonly PageRule[];
  readonly statements: readonly PageStatement[];
}

export interface PagePerk {
  readonly id: string;
  readonly title: string;
  /** What is left after the membership ends, a sentence. */
  readonly afterEnd: string;
  readonly says: readonly PageText[];
  readonly statements: readonly PageStatement[];
}

export interface PageRule {
  readonly action: string;
  readonly title: string;
  readonly says: readonly string[];
  readonly statements: readonly PageStatement[];
}

/** What is said, and when. */
export interface PageText {
  readonly when: string;
  readonly text: string;
}

export interface PageStatement {
  readonly id: string;
  readonly text: string;
}

export function pageOf(version: Version): Page {
  const { rules = {} } = version.json as RuleFile;
  const statements = (ids: readonly string[]) => ids.map((id) => ({ id, text: version.statements[id] ?? '' }));
  return {
    ruleSet: version.ref.id,
    title: version.title,
    version: version.ref.version,
    from: dateText(version.from),
    table: version.tiers.length === 0 ? null : matrixCells(matrixOf(version)),
    notes: [...forWhom(version), ...retired(version), ...periods(version)],
    perks: [...version.cards.values()].map((card) => ({
      id: card.id,
      title: card.title,
      afterEnd: afterEndSentence(card, version),
      says: saysOf(card),
      statements: statements(card.source),
    })),
    rules: Object.entries(rules).map(([action, rule]) => ({
      action,
      title: version.actions.get(action)?.title ?? action,
      says: checksOf(rule),
      statements: statements(rule.source ?? []),
    })),
    statements: statements(Object.keys(version.statements)),
  };
}

function dateText(instant: number): string {
  const midnight = instant % 86_400_000 === 0;
  return new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'long',
    ...(midnight ? {} : { timeStyle: 'short' as const }),
    timeZone: 'UTC',
  }).format(instant);
}

/** Whom a version is not for, or not yet: members of before. The first version had none. */
function forWhom({ ref, existingMembers, cards }: Version): readonly string[] {
  if (ref.version === 1) return [];
  const own = [...cards.values()].filter((card) => card.existingMembers !== existingMembers);
  return [
    ...(existingMembers === 'now' ? [] : [`${POLICY_TEXT[existingMembers]}.`]),
    ...own.map((card) => `${card.title}: ${lowerFirst(POLICY_TEXT[card.existingMembers])}.`),
  ];
}

const POLICY_TEXT: Readonly<Record<Policy, string>> = {
  now: 'This holds for everybody at once',
  nextTerm: 'Who was a member when this version began has it from the next term on, and until then what was before',
  whileSubscribed:
    'Who was a member when this version began keeps what was before, for as long as the membership goes on',
  neverWorse:
    'Who was a member when this version began gets nothing less than before, for as long as the membership goes on',
};

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function retired({ tiers }: Version): readonly string[] {
  return tiers
    .filter((tier) => tier.known && tier.retired)
    .map(({ title }) => `${title} can no longer be subscribed to.`);
}

/** When the periods begin by which perks are counted. */
function periods({ cards, calendar }: Version): readonly string[] {
  const countedBy = (per: string) => [...cards.values()].filter(({ kind }) => kind.per === per);
  const { day, month } = calendar;
  const begins =
    month.startsOn === 'firstOfMonth'
      ? 'on its first day'
      : 'on the day of the month on which the membership began, or on the last day of a shorter month; without a membership, on its first day';
  return [
    ...(countedBy('day').length > 0 ? [`A day begins at midnight (${day.timeZone}).`] : []),
    ...(countedBy('month').length > 0 ? [`A month begins ${begins} (${month.timeZone}).`] : []),
    ...countedBy('termMonth').map(
      ({ title }) => `${title}: a month is counted from the start of each term (${month.timeZone}).`,
    ),
  ];
}

const WHEN: Readonly<Record<string, string>> = {
  not_in_plan: 'when the plan does not have it',
  membership_ended: 'after the end',
  limit_exceeded: 'over the limit',
  quota_used_up: 'when all are used',
  slots_full: 'when every slot is full',
  already_claimed: 'when it has been claimed',
  value_not_listed: 'for what is not in the table',
};

function saysOf({ says }: Card): readonly PageText[] {
  return Object.entries(says).map(([code, text]) => ({ when: WHEN[code] ?? code.replaceAll('_', ' '), text }));
}

function checksOf({ checks = [] }: Rule): readonly string[] {
  return checks.map((check) => check.says);
}
