import type { Effect } from '../domain/consumption.ts';
import type { Reason } from '../domain/decision.ts';
import type { Instant } from '../domain/instant.ts';
import type { Member } from '../domain/member.ts';
import type { PerkValues } from '../domain/perk.ts';
import type { Question } from '../domain/question.ts';
import type { Standing } from '../domain/standing.ts';
import type { Asker, Findings } from '../rules/kinds/kind.ts';
import type { Action, Card, Gate, Part, Version } from '../rules/rule-set.ts';
import { answersOf } from './answers.ts';
import { earliest } from './earliest.ts';
import { QuestionFrame } from './question-frame.ts';

/** How the gates of one action came out for one asker, and what they read on the way. */
export interface Verdict {
  readonly reason: Reason | null;
  readonly values: Readonly<Record<string, PerkValues>>;
  readonly answers: Readonly<Record<string, unknown>> | null;
  readonly effects: readonly Effect[];
  /** The earliest instant at which something that was read changes by itself. */
  readonly until: Instant | null;
}

const NO_EFFECTS: readonly Effect[] = [];

/**
 * Judges an action with facts that can be read. The first gate that fails is the reason: what does not depend on who asks,
 * then the checks of `rules:`, then the perks in file order. Deny by default is the caller's: an action that is not in
 * the version has no verdict.
 */
export function judge(
  version: Version,
  action: Action,
  question: Question,
  member: Member | undefined,
  standing: Standing,
  at: Instant,
): Verdict {
  const frame = new QuestionFrame(version, question, member, standing);
  const asker: Asker = { member, standing, at, amount: question.amount, frame };
  let readsTerms = false;

  for (const part of action.parts) {
    if (part.first === null) continue;
    if (part.when !== null) {
      readsTerms ||= part.when.reads.terms;
      if (!part.when.holds(frame)) continue;
    }
    const findings = find(part, asker, frame);
    if (!part.first.holds(frame)) {
      const reason = reasonOf(part.first, part.card.id);
      const values = { [part.card.id]: valuesOf(part.card, findings, frame) };
      return { reason, values, answers: null, effects: NO_EFFECTS, until: readsTerms ? standing.changesAt : null };
    }
  }

  if (version.unknownUser === 'deny' && member === undefined && question.subject.type === 'user') {
    return {
      reason: unknownUser(action),
      values: {},
      answers: null,
      effects: NO_EFFECTS,
      until: null,
    };
  }

  for (const check of action.checks) {
    readsTerms ||= check.reads.terms;
    if (!check.holds(frame)) {
      const reason = reasonOf(check, null);
      return { reason, values: {}, answers: null, effects: NO_EFFECTS, until: readsTerms ? standing.changesAt : null };
    }
  }

  const values: Record<string, PerkValues> = {};
  let effects = NO_EFFECTS;
  let until: Instant | null = null;
  for (const part of action.parts) {
    if (part.when !== null) {
      readsTerms ||= part.when.reads.terms;
      if (!part.when.holds(frame)) continue;
    }
    readsTerms = true;
    const findings = find(part, asker, frame);
    values[part.card.id] = valuesOf(part.card, findings, frame);
    until = earliest(until, earliest(findings.until, extrasChangeAt(member, part.card.id, at)));
    for (const gate of part.gates) {
      if (!gate.holds(frame)) {
        const reason = reasonOf(gate, part.card.id);
        return { reason, values, answers: null, effects: NO_EFFECTS, until: earliest(until, standing.changesAt) };
      }
    }
    if (findings.effect !== null) effects = effects === NO_EFFECTS ? [findings.effect] : [...effects, findings.effect];
  }

  readsTerms ||= action.answers.some((answer) => answer.reads.terms);
  const answers = answersOf(action.answers, frame);
  return { reason: null, values, answers, effects, until: readsTerms ? earliest(until, standing.changesAt) : until };
}

export function reasonOf({ code, name, says, title }: Gate, perk: string | null): Reason {
  return { code, perk, gate: name, says, title };
}

function unknownUser({ title }: Action): Reason {
  return { code: 'unknown_user', perk: null, gate: 'unknown_user', says: null, title };
}

function find(part: Part, asker: Asker, frame: QuestionFrame): Findings {
  const findings = part.card.kind.find(asker, part.verb);
  frame.perk[part.card.id] = findings.facts;
  return findings;
}

export function valuesOf(card: Card, findings: Findings, frame: QuestionFrame): PerkValues {
  return card.echo === null ? findings.values : { ...findings.values, echoes: card.echo(frame) };
}

/** The next start or end of an extra of this perk. */
export function extrasChangeAt(member: Member | undefined, perk: string, at: Instant): Instant | null {
  if (member === undefined) return null;
  let next: Instant | null = null;
  for (const extra of member.extras) {
    if (extra.perk !== perk) continue;
    if (extra.from !== undefined && extra.from > at) next = earliest(next, extra.from);
    else if (extra.until !== undefined && extra.until > at) next = earliest(next, extra.until);
  }
  return next;
}
