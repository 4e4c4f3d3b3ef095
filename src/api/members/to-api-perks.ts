import { formatInstant } from '../../domain/instant.ts';
import type { ApiActionDecision, ApiPerks } from '../../generated/answers/perks/perks.ts';
import type { Answer } from '../../use-cases/decisions/ask.ts';
import type { Perks } from '../../use-cases/perks/perks.ts';
import type { Outlook, PerkView } from '../../use-cases/perks/perks-view.ts';
import { toApiDecision, toApiPerkValues } from '../decisions/to-api-decision.ts';

export function toApiPerks({ user, at, outlook, membership, perks, decisions, degraded }: Perks): ApiPerks {
  return {
    user,
    at: formatInstant(at),
    tier: tierOf(outlook),
    membership,
    perks: Object.fromEntries(
      perks.map(({ card, view }) => [
        card.id,
        {
          title: card.title,
          kind: card.kind.name,
          afterEnd: card.afterEnd,
          actions: card.actions.map(({ action }) => action),
          values: view === null ? null : toApiPerkView(view),
        },
      ]),
    ),
    actions: Object.fromEntries(decisions.map((each) => [each.asked.question.action, toApiActionDecision(each)])),
    ruleSet: outlook?.version.ref ?? decisions[0]?.decision.judgedBy ?? null,
    degraded,
  };
}

export function tierOf(outlook: Outlook | null): string | null {
  return outlook === null ? null : (outlook.version.tiers[outlook.standing.rank]?.id ?? null);
}

/** The values of a perk where nothing in particular is asked: a limit without what was asked, a table with all its rows. */
export function toApiPerkView({ values, rows }: PerkView): Readonly<Record<string, unknown>> {
  switch (values.kind) {
    case 'limit':
      return { limit: values.limit };
    case 'table':
      return { amounts: rows };
    case 'switch':
    case 'quota':
    case 'slots':
    case 'grant':
      return toApiPerkValues(values);
  }
}

function toApiActionDecision(answered: Answer): ApiActionDecision {
  const { decision, reason, values, unlockedBy, validUntil } = toApiDecision(answered, '');
  return {
    decision,
    ...(reason !== undefined && { reason }),
    values,
    ...(unlockedBy !== undefined && { unlockedBy }),
    validUntil,
  };
}
