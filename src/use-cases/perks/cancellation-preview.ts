import type { Membership } from '../../domain/decision.ts';
import type { Instant } from '../../domain/instant.ts';
import type { AfterEnd } from '../../domain/perk.ts';
import { chainEnd } from '../../domain/standing.ts';
import type { Card, RuleBook } from '../../rules/rule-set.ts';
import { membershipRules } from '../decisions/membership-rules.ts';
import type { AskedForUser, PerksPorts } from './find-outlook.ts';
import { type Outlook, outlookAt, type PerkView, perkView } from './perks-view.ts';
import { type Ending, staysSentence } from './stays-sentence.ts';

/** What becomes of one perk. */
export interface PerkPreview {
  readonly card: Card;
  readonly now: PerkView;
  /** Null where the version that judges then has no such perk any more. */
  readonly after: PerkView | null;
  /** Null where nothing ends. */
  readonly word: AfterEnd | null;
  /** What stays, in a sentence with numbers. */
  readonly stays: string;
}

export interface CancellationPreview {
  readonly user: string;
  readonly at: Instant;
  readonly outlook: Outlook | null;
  readonly membership: Membership | null;
  /** When the membership really ends if nothing is renewed: the end of the last term that touches. Null: none is running. */
  readonly endsAt: Instant | null;
  readonly perks: readonly PerkPreview[];
  readonly degraded: boolean;
}

/** What the end of the membership would keep, freeze and take, perk by perk. Without a running term nothing ends. */
export async function cancellationPreview(
  ports: PerksPorts,
  book: RuleBook,
  asked: AskedForUser,
): Promise<CancellationPreview> {
  const { user } = asked;
  const at = asked.at ?? ports.clock.now();
  const nothing = { user, at, outlook: null, endsAt: null, perks: [] };
  const ruleSet = membershipRules(book);
  if (ruleSet === undefined) return { ...nothing, membership: null, degraded: false };

  const facts = await ports.facts.read(user, asked.minRevision);
  if (facts.state === 'unreachable') return { ...nothing, membership: 'unknown', degraded: true };
  const { member } = facts;
  const outlook = outlookAt(ruleSet, user, member, at);
  const { term } = outlook.standing;
  const endsAt = member === undefined || term === null ? null : chainEnd(member.terms, term);
  const afterwards = endsAt === null ? null : outlookAt(ruleSet, user, member, endsAt);
  return {
    user,
    at,
    outlook,
    membership: outlook.standing.membership,
    endsAt,
    perks: [...outlook.version.cards.values()].map((card) => preview(card, outlook, afterwards)),
    degraded: facts.state !== 'fresh',
  };
}

function preview(card: Card, outlook: Outlook, afterwards: Outlook | null): PerkPreview {
  const now = perkView(outlook, card);
  if (afterwards === null) return { card, now, after: now, word: null, stays: 'nothing changes' };
  // The version that judges at the end says what becomes of the perk, not the one that judges now.
  const cardThen = afterwards.version.cards.get(card.id);
  if (cardThen === undefined || cardThen.kind.name !== card.kind.name) {
    const after = cardThen === undefined ? null : perkView(afterwards, cardThen);
    const stays = after === null ? 'the perk ends with the membership' : 'the perk is another one by then';
    return { card, now, after, word: cardThen?.afterEnd ?? 'loses', stays };
  }
  const after = perkView(afterwards, cardThen);
  return {
    card,
    now,
    after,
    word: cardThen.afterEnd,
    stays: staysSentence(cardThen.afterEnd, now, after, endingOf(card, afterwards)),
  };
}

/** What is given to this member beside the plan ends when it ends, whatever becomes of the membership. */
function endingOf({ id }: Card, { member, at, version }: Outlook): Ending {
  const endsAt = at;
  const outliving = (member?.extras ?? []).filter(
    ({ perk, from, until }) => perk === id && (from ?? at) <= at && (until === undefined || until > at),
  );
  if (outliving.length === 0) return { endsAt };
  const lasts = Math.max(...outliving.map(({ until }) => until ?? Number.POSITIVE_INFINITY));
  if (lasts === Number.POSITIVE_INFINITY) return { endsAt, extra: 'the extra stays' };
  const { timeZone } = version.calendar.day;
  const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone }).format(lasts);
  return { endsAt, extra: `the extra stays until ${day}` };
}
