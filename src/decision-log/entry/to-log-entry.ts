import { toApiInstant } from '../../api/decisions/to-api-decision.ts';
import { type Judging, judgingAt } from '../../decide/decide.ts';
import type { Decision } from '../../domain/decision.ts';
import { withoutSecrets } from '../../domain/hidden-secrets.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Mask } from '../../domain/mask.ts';
import type { PerkValues } from '../../domain/perk.ts';
import type { Question } from '../../domain/question.ts';
import type {
  ApiLogEntry,
  ApiLoggedFacts,
  ApiLoggedResource,
  ApiLoggedRuleSet,
} from '../../generated/answers/log/entry.ts';
import type { Action, Card } from '../../rules/rule-set.ts';
import type { ToLog } from '../to-log.ts';
import { catalogued } from './catalogued.ts';
import { factsRead, hasKeys } from './facts-read.ts';
import { loggedValues } from './logged-values.ts';
import { mapTexts } from './map-texts.ts';
import { covers, masked } from './masks.ts';

/** The form of an entry, in every line: whoever reads an old log knows how. */
export const LOG_FORMAT = 1;

/** Before the subject of a token, which may be the user. */
const BY_TOKEN = 'jwt:';

export interface EntryOptions {
  /** When the caller was told, by the real clock. */
  readonly time: Instant;
  /** What stands for the user. */
  readonly pseudonym: string;
  /** What stands for the user who is the resource; absent where it is none. */
  readonly ofResource?: string | undefined;
  readonly masks: readonly Mask[];
  /** The share of allows that is logged. */
  readonly sample: number;
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

/**
 * What is written down of an answer. Pure. The id of the user is nowhere in it: where the question names the user by exactly this
 * text, the pseudonym stands instead, so that "the owner is who asks" can still be judged. The same of a user who is the resource.
 */
export function toLogEntry(told: ToLog, { time, pseudonym, ofResource, masks, sample }: EntryOptions): ApiLogEntry {
  const { decision, asked, at, ruleSet } = told.answered;
  const { question } = asked;
  const user = question.subject.id;
  const judging = judgingAt(ruleSet, memberIn(told), question, at);
  // Keys and tokens are in no log, wherever somebody has put one.
  const other = ofResource === undefined ? undefined : question.resource?.id;
  const hideText = (text: string): string =>
    text === user ? pseudonym : text === other ? (ofResource ?? pseudonym) : withoutSecrets(text);
  const hide = (value: unknown): unknown => mapTexts(value, hideText);
  // Callers name what is in these as they like.
  const hideNames = (value: unknown): unknown => mapTexts(value, hideText, hideText);

  // In the order in which it is read: who asked what, the answer, what it was made from.
  const entry: Partial<Writable<ApiLogEntry>> = {
    log: LOG_FORMAT,
    id: told.id,
    time: toApiInstant(time) ?? '',
    at: toApiInstant(at) ?? '',
    user: pseudonym,
  };
  if (question.subject.type !== 'user' || hasKeys(question.subject.properties)) {
    // `user` is a word of ours; all other types are whatever a caller calls them.
    const type = question.subject.type === 'user' ? 'user' : hideText(question.subject.type);
    entry.subject = { type, properties: claims(hideNames(question.subject.properties)) };
  }
  entry.action = question.action;
  if (hasKeys(question.input)) entry.input = claims(hide(question.input));
  if (question.resource !== null) entry.resource = resourceOf(question.resource, user, judging, hideNames);
  if (hasKeys(question.context)) entry.context = claims(hideNames(question.context));
  if (question.amount !== 1) entry.amount = question.amount;
  if (told.leftOut !== undefined) entry.leftOut = [...told.leftOut];
  entry.decision = decision.allowed ? 'allow' : 'deny';
  if (decision.tier !== null) entry.tier = decision.tier;
  if (decision.membership !== null) entry.membership = decision.membership;
  if (decision.reason !== null) {
    const { code, perk } = decision.reason;
    entry.reason = perk === null ? { code } : { code, perk };
    entry.unlockedBy = decision.unlockedBy;
  }
  entry.values = loggedValues(decision, hide);
  entry.validUntil = toApiInstant(decision.validUntil);
  if (decision.degraded) entry.degraded = true;
  if (decision.allowed && sample < 1) entry.sample = sample;
  if (told.consumption !== undefined) {
    const { id, consumed, revision, replayed } = told.consumption;
    entry.consume = replayed ? { consumed, revision, replayOf: id } : { consumed, revision };
  }
  entry.ruleSet = ruleSetOf(told);
  entry.caller = told.caller === `${BY_TOKEN}${user}` ? BY_TOKEN + pseudonym : hideText(told.caller);
  entry.requestId = hideText(told.requestId);
  entry.facts = factsOf(told, judging, hide);
  const whole = entry as ApiLogEntry;
  return masks.length === 0 ? whole : withMasks(whole, masks, judging.action, decision.values);
}

const NOT_READ: ApiLoggedFacts = { state: 'notRead' };
const UNREACHABLE: ApiLoggedFacts = { state: 'unreachable' };

function memberIn({ answered: { facts } }: ToLog) {
  return facts.state === 'unreachable' ? undefined : facts.member;
}

function factsOf(told: ToLog, judging: Judging, hide: (value: unknown) => unknown): ApiLoggedFacts {
  // The first answer was made from facts that are gone.
  if (told.consumption?.replayed === true) return NOT_READ;
  const { facts, ruleSet, at } = told.answered;
  if (facts.state === 'unreachable') return UNREACHABLE;
  const read = factsRead(facts.state, facts.member, { ruleSet, judging, at });
  return read.attributes === undefined ? read : { ...read, attributes: claims(hide(read.attributes)) };
}

function resourceOf(
  { type, id, properties }: NonNullable<Question['resource']>,
  user: string,
  { version }: Judging,
  hide: (value: unknown) => unknown,
): ApiLoggedResource {
  const resource: Writable<ApiLoggedResource> = { type };
  if (id !== null) resource.id = String(hide(id));
  if (hasKeys(properties)) resource.properties = claims(hide(properties));
  const known = catalogued(version, { type, id });
  const isUser = Object.keys(known).filter((name) => [known[name]].flat().includes(user));
  if (isUser.length > 0) resource.isUser = isUser;
  return resource;
}

/** INVARIANT: all versions matter to an answer, also one that has not started: it ends the time for which the answer holds. */
function ruleSetOf({ answered: { decision, ruleSet } }: ToLog): ApiLoggedRuleSet {
  const { judgedBy, mixed } = decision;
  const newest = ruleSet.versions.at(-1)?.ref;
  if (mixed === null && (newest === undefined || newest.digest === judgedBy.digest)) return judgedBy;
  return {
    ...judgedBy,
    ...(mixed === null ? {} : { perks: mixed }),
    ...(newest === undefined || newest.digest === judgedBy.digest
      ? {}
      : { newest: { version: newest.version, digest: newest.digest } }),
  };
}

/** `***` for all that is not to be written down, also where the answer repeats it. */
function withMasks(
  entry: ApiLogEntry,
  masks: readonly Mask[],
  action: Action,
  values: Decision['values'],
): ApiLogEntry {
  const changed: Writable<ApiLogEntry> = { ...entry };
  const found: string[] = [];
  for (const mask of masks) {
    // What is stored of a user lies with the facts.
    const place = mask.fact === 'user' ? 'facts' : mask.fact;
    const after = masked(changed[place], mask.keys);
    if (after === changed[place]) continue;
    found.push(mask.text);
    Object.assign(changed, { [place]: after });
    for (const { card } of action.parts) {
      for (const name of repeated(card, mask, values[card.id])) {
        changed.values = claims(masked(changed.values, [card.id, name]));
      }
    }
  }
  return found.length === 0 ? entry : { ...changed, masked: found };
}

/** Where the values of a perk repeat what is masked: what was measured or looked up, and what the card echoes. */
function repeated({ kind, echoed }: Card, mask: Mask, values: PerkValues | undefined): readonly string[] {
  const claimed = kind.claims.some((claim) => covers(mask, claim)) ? ['asked', 'key'] : [];
  // INVARIANT: a card echoes in the order in which it says where from.
  const echoes = Object.keys(values?.echoes ?? {}).filter((_, index) => {
    const path = echoed[index];
    return path !== undefined && covers(mask, path);
  });
  return [...claimed, ...echoes];
}

function claims(value: unknown): Readonly<Record<string, unknown>> {
  return value as Readonly<Record<string, unknown>>;
}
