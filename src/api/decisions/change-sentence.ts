import { formatInstant } from '../../domain/instant.ts';
import type { Version } from '../../rules/rule-set.ts';
import type { Change, Explanation } from '../../use-cases/decisions/explain.ts';
import { checkHead, EVERYBODY } from './gate-text.ts';

/** What would have to be different for a denial to become an allow, as a sentence. */
export function changeSentence(change: Change, explanation: Explanation, version: Version): string {
  const titleOf = (perk: string) => version.cards.get(perk)?.title ?? perk;
  switch (change.kind) {
    case 'tier': {
      const title = version.tiers.find((each) => each.id === change.tier)?.title ?? change.tier;
      return `With ${title} it would be allowed.`;
    }
    case 'until':
      return `${titleOf(change.perk)}: the next period starts at ${formatInstant(change.at)}.`;
    case 'askedAtMost':
      return `${titleOf(change.perk)}: ask for at most ${limitText(change.limit)}.`;
    case 'freeUp':
      return `${titleOf(change.perk)}: free ${change.amount} first.`;
    case 'gate':
      return gateSentence(change.name, explanation);
    case 'nothing':
      return hopeless(explanation, version);
  }
}

function gateSentence(name: string, { gates }: Explanation): string {
  const gate = gates.find((each) => each.gate.gate.name === name);
  const text = gate === undefined ? `the check \`${name}\`` : checkHead(gate.judged);
  return text === EVERYBODY ? 'Nothing: it is denied for everybody.' : `This has to become different: ${text}.`;
}

function hopeless({ answered: { decision } }: Explanation, version: Version): string {
  const { reason } = decision;
  switch (reason?.code) {
    case 'value_not_listed': {
      const planned = version.cards.get(reason.perk ?? '')?.kind.planned(0);
      const keys = typeof planned === 'object' && planned !== null ? Object.keys(planned).join(', ') : '';
      return `Ask for one that is listed: ${keys}.`;
    }
    case 'unknown_user':
      return 'The user has to be known: the rule set answers nobody else.';
    case 'facts_unavailable':
      return 'The facts have to be readable again.';
    default:
      return 'Nothing: no other tier allows it, and neither does waiting.';
  }
}

function limitText(limit: unknown): string {
  if (typeof limit !== 'object' || limit === null) return String(limit);
  const measures = Object.entries(limit).filter(([, most]) => most !== null);
  return measures.map(([name, most]) => `${name} ${most}`).join(', ');
}
