import { createHash } from 'node:crypto';
import type { NamedConditions } from '../../rules/compile/condition.ts';
import type { Action, Card, Version } from '../../rules/rule-set.ts';
import { expanded } from './condition-leaves.ts';

/**
 * What a version says of one thing, as a short text: equal texts decide alike, whichever version has them. Titles and the sentences
 * that users read are left out. So a scenario about the past also reaches what the newest version still says the same of.
 */
export function sayingOfCard(card: Card, { calendar, actions }: Version): string {
  const { kind, afterEnd, whenFactsUnavailable } = card;
  const ranks = Array.from({ length: kind.ranks }, (_, rank) => kind.planned(rank));
  const uses = card.actions.map(({ action, verb }) => {
    const when = actions.get(action)?.parts.find((part) => part.card.id === card.id)?.when ?? null;
    return [action, verb, when === null ? null : expanded(when.condition, when.named)];
  });
  const period = kind.per === undefined ? null : calendar;
  return digest([kind.name, ranks, kind.counts, period, afterEnd, whenFactsUnavailable, uses]);
}

export function sayingOfAction({ checks, answers }: Action): string {
  return digest([
    checks.map(({ code, condition, named }) => [code, expanded(condition, named)]),
    answers.map(({ key, cases, named }) => [
      key,
      cases.map(({ condition, value }) => [expanded(condition, named), value]),
    ]),
  ]);
}

export function sayingOfCondition(name: string, named: NamedConditions): string {
  return digest(expanded({ condition: name }, named));
}

function digest(data: unknown): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('base64url').slice(0, 16);
}
