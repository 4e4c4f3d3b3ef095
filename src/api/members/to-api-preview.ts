import { formatInstant } from '../../domain/instant.ts';
import type { ApiPreview } from '../../generated/answers/perks/cancellation-preview.ts';
import type { CancellationPreview } from '../../use-cases/perks/cancellation-preview.ts';
import { toApiInstant } from '../decisions/to-api-decision.ts';
import { tierOf, toApiPerkView } from './to-api-perks.ts';

export function toApiPreview(preview: CancellationPreview): ApiPreview {
  return {
    user: preview.user,
    at: formatInstant(preview.at),
    tier: tierOf(preview.outlook),
    membership: preview.membership,
    endsAt: toApiInstant(preview.endsAt),
    perks: Object.fromEntries(
      preview.perks.map(({ card, now, after, word, stays }) => [
        card.id,
        {
          title: card.title,
          kind: card.kind.name,
          word,
          now: toApiPerkView(now),
          after: after === null ? null : toApiPerkView(after),
          stays,
        },
      ]),
    ),
    degraded: preview.degraded,
  };
}
