import { formatInstant } from '../domain/instant.ts';
import type { CancellationPreview } from '../use-cases/perks/cancellation-preview.ts';
import { toApiInstant } from './to-api-decision.ts';
import { tierOf, toApiPerkView } from './to-api-perks.ts';

export interface ApiPreview {
  readonly user: string;
  readonly at: string;
  readonly tier: string | null;
  readonly membership: CancellationPreview['membership'];
  /** When the membership ends unless it is renewed; null when none is running. */
  readonly endsAt: string | null;
  /** By perk id, in file order. */
  readonly perks: Readonly<Record<string, ApiPerkPreview>>;
  readonly degraded: boolean;
}

export interface ApiPerkPreview {
  readonly title: string;
  readonly kind: string;
  readonly word: string | null;
  readonly now: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly stays: string;
}

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
