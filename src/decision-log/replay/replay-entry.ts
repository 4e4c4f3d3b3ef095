import { isDeepStrictEqual } from 'node:util';
import { toApiInstant } from '../../api/decisions/to-api-decision.ts';
import { decide, judgingAt } from '../../decide/decide.ts';
import type { Decision } from '../../domain/decision.ts';
import { parseMask } from '../../domain/mask.ts';
import type { Question } from '../../domain/question.ts';
import type { ApiLogEntry } from '../../generated/answers/log/entry.ts';
import { isFactValue } from '../../rules/compile/condition.ts';
import { pathKeys, readKeys } from '../../rules/compile/frame.ts';
import type { Action, RuleBook, RuleSet } from '../../rules/rule-set.ts';
import { ruleSetOf } from '../../rules/rule-set-of.ts';
import { consumedBy, distinctEffects } from '../../use-cases/consumes/effects.ts';
import { actionReads, type ReadPath } from '../entry/action-reads.ts';
import { loggedValues } from '../entry/logged-values.ts';
import { covers } from '../entry/masks.ts';
import { replaceText } from '../entry/replace-text.ts';
import { type Again, fromLogEntry } from './from-log-entry.ts';
import type { NotJudged } from './not-judged.ts';

/** An old question as the same rules answer it now. */
export type Replayed =
  | { readonly notJudged: NotJudged }
  | {
      readonly again: Again;
      /** As it was when the question was asked. */
      readonly ruleSet: RuleSet;
      readonly decision: Decision;
      /** What the answer was in the log and is not now: nothing, if neither the line nor the rules were changed. */
      readonly differs: readonly string[];
    };

/** Judges an old question by the rules of then, with the facts of then. */
export function replayEntry(entry: ApiLogEntry, book: RuleBook): Replayed {
  if (entry.facts.state === 'notRead') return { notJudged: 'told_again' };
  if (entry.facts.state === 'tooLarge') return { notJudged: 'facts_too_large' };
  const known = book.ruleSets.get(entry.ruleSet.id);
  if (known === undefined) return { notJudged: 'unknown_rule_set' };
  const ruleSet = ruleSetThen(known, entry);
  if (ruleSet === undefined) return { notJudged: 'unknown_version' };
  const again = fromLogEntry(entry, ruleSet);
  if (again === undefined) return { notJudged: 'facts_too_large' };
  const { question, at, facts } = again;
  const { action } = judgingAt(ruleSet, facts.state === 'unreachable' ? undefined : facts.member, question, at);
  const notJudged = hiddenFrom(action, entry, again);
  if (notJudged !== undefined) return { notJudged };
  const decision = decide({ ruleSet, facts, question, now: at });
  return { again, ruleSet, decision, differs: differences(entry, decision, again) };
}

/** The versions that there were: up to the newest of then, whose digest says that they are the same. Kept, because most entries have the same. */
function ruleSetThen(known: RuleSet, { ruleSet: { version, digest, newest } }: ApiLogEntry): RuleSet | undefined {
  const last = newest ?? { version, digest };
  const isHere = (each: { readonly version: number; readonly digest: string }) =>
    known.versions.some(({ ref }) => ref.version === each.version && ref.digest === each.digest);
  if (!isHere(last) || !isHere({ version, digest })) return undefined;
  const kept = earlier.get(known) ?? new Map<number, RuleSet>();
  earlier.set(known, kept);
  const found =
    known.versions.at(-1)?.ref.version === last.version
      ? known
      : (kept.get(last.version) ??
        ruleSetOf(
          known.id,
          known.versions.filter(({ ref }) => ref.version <= last.version),
        ));
  kept.set(last.version, found);
  return found;
}

const earlier = new WeakMap<RuleSet, Map<number, RuleSet>>();

/** Why these rules cannot judge what is in the log: they read what was masked, or who the user was. */
export function hiddenFrom(action: Action, entry: ApiLogEntry, again: Again): NotJudged | undefined {
  const { paths } = actionReads(action);
  const masks = [...(entry.masked ?? []), ...(entry.leftOut ?? []).map((part) => `${part}.*`)].map(parseMask);
  if (paths.some((path) => masks.some((mask) => covers(mask, path)))) return 'masked';
  return !again.isNamed && comparesUser(action, entry, again) ? 'about_the_user' : undefined;
}

/** Whether the id is compared with anything but what the question or the stored attributes say, where the pseudonym stands for it. */
function comparesUser(action: Action, entry: ApiLogEntry, again: Again): boolean {
  const { comparisons, paths } = actionReads(action);
  const { resource } = again.question;
  const hidden = [entry.user, ...(resource?.type === 'user' && resource.id !== null ? [resource.id] : [])];
  const isHidden = (value: unknown) => typeof value === 'string' && hidden.includes(value);
  const isUser = ({ fact, keys }: ReadPath): boolean => {
    if ((fact === 'member' || fact === 'subject') && keys[0] === 'id') return true;
    const value = valueAt(fact, keys, again);
    return isHidden(value) || (Array.isArray(value) && value.some(isHidden));
  };
  // What the catalogue says of a resource that is called like a user cannot be found, nor who of several it names.
  if ((isHidden(resource?.id) || entry.resource?.isUser !== undefined) && paths.some(isCatalogue)) return true;
  // Nor the row of a table.
  const lookedUp = action.parts.flatMap(({ card }) => card.kind.claims.filter(({ is }) => is === 'key'));
  if (lookedUp.some(({ fact, keys }) => isHidden(valueAt(fact, keys, again)))) return true;
  // Nor what has a user for its name.
  if (paths.some(({ fact, keys }) => hasNameOf(hidden, claimedIn(again.question, fact), keys))) return true;
  return comparisons.some(({ fact, path, operator, value }) => {
    const left = { fact, keys: pathKeys(path) };
    const right = isFactValue(value) ? { fact: value.fact, keys: pathKeys(value.path) } : undefined;
    if (!isUser(left) && (right === undefined || !isUser(right))) return false;
    if (right === undefined) return value !== null;
    // The pseudonym stands in what the question and the stored attributes say; a word of ours that is like it stays what it is.
    if (isOurs(left) || isOurs(right)) return true;
    // An order among texts is another one for the pseudonym; what the catalogue says is no pseudonym, and was found to be another.
    return !/^(?:not:)?(?:equal|notEqual|in|notIn|contains|doesNotContain)$/.test(operator);
  });
}

/** Whether something on the way to a value is called like a user, and may be what the way looks for. */
function hasNameOf(users: readonly string[], value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined || typeof value !== 'object' || value === null) return false;
  if (Object.hasOwn(value, key)) return hasNameOf(users, (value as Readonly<Record<string, unknown>>)[key], rest);
  return users.some((user) => Object.hasOwn(value, user));
}

function claimedIn(question: Question, fact: string): unknown {
  return fact === 'context' || fact === 'resource' || fact === 'subject' ? question[fact] : undefined;
}

/** Whether a value comes from the rules, and not from a caller or whoever wrote about the user. */
function isOurs({ fact, keys }: ReadPath): boolean {
  if (fact === 'term' || fact === 'perk' || (fact === 'member' && keys[0] !== 'id')) return true;
  return (fact === 'resource' || fact === 'subject') && keys[0] === 'type';
}

function isCatalogue({ fact, keys }: ReadPath): boolean {
  return fact === 'resource' && keys[0] === 'attributes';
}

function valueAt(fact: string, keys: readonly string[], { question, facts }: Again): unknown {
  switch (fact) {
    case 'input':
    case 'context':
    case 'resource':
    case 'subject':
      return readKeys(question[fact], keys);
    case 'user':
      return facts.state === 'unreachable' ? null : readKeys({ attributes: facts.member?.attributes ?? {} }, keys);
    default:
      return null;
  }
}

/** What of the answer is not as it was told. `values` also as JSON has them: an `Infinity` is no number there. */
function differences(entry: ApiLogEntry, decision: Decision, again: Again): readonly string[] {
  const { judgedBy, mixed, reason } = decision;
  const then: Readonly<Record<string, unknown>> = {
    decision: entry.decision,
    tier: entry.tier ?? null,
    membership: entry.membership ?? null,
    reason: entry.reason,
    validUntil: entry.validUntil,
    degraded: entry.degraded ?? false,
    ruleSet: [entry.ruleSet.version, entry.ruleSet.digest, entry.ruleSet.perks],
    consumed: entry.consume?.consumed,
  };
  const now: Readonly<Record<string, unknown>> = {
    decision: decision.allowed ? 'allow' : 'deny',
    tier: decision.tier,
    membership: decision.membership,
    reason: reason === null ? undefined : { code: reason.code, ...(reason.perk === null ? {} : { perk: reason.perk }) },
    validUntil: toApiInstant(decision.validUntil),
    degraded: decision.degraded,
    ruleSet: [judgedBy.version, judgedBy.digest, mixed ?? undefined],
    consumed: entry.consume === undefined ? undefined : consumedBy(distinctEffects(decision.effects)),
  };
  const changed = Object.keys(now).filter((name) => !isDeepStrictEqual(then[name], now[name]));
  return sameValues(entry, decision, again) ? changed : [...changed, 'values'];
}

function sameValues(entry: ApiLogEntry, decision: Decision, { question, isNamed }: Again): boolean {
  const hide = (value: unknown) => (isNamed ? replaceText(value, question.subject.id, entry.user) : value);
  const now: unknown = JSON.parse(JSON.stringify(loggedValues(decision, hide)));
  return isDeepStrictEqual(now, entry.values);
}
