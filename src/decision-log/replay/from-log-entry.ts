import type { Facts } from '../../domain/facts.ts';
import { type Instant, parseInstant } from '../../domain/instant.ts';
import type { Attribute, Member } from '../../domain/member.ts';
import type { Question } from '../../domain/question.ts';
import type { ApiLogEntry, ApiLoggedFacts } from '../../generated/answers/log/entry.ts';
import type { RuleSet } from '../../rules/rule-set.ts';
import { catalogued } from '../entry/catalogued.ts';
import { replaceText } from '../entry/replace-text.ts';

/** What was asked, as it is asked again. */
export interface Again {
  readonly question: Question;
  readonly at: Instant;
  readonly facts: Facts;
  /** Whether `question.subject.id` is the real one: the rule file itself names the user. */
  readonly isNamed: boolean;
}

const NOTHING = Object.freeze({});

/** Undefined where the entry has no facts. `ruleSet`: as it was when the question was asked. */
export function fromLogEntry(entry: ApiLogEntry, ruleSet: RuleSet): Again | undefined {
  const at = parseInstant(entry.at);
  const name = nameIn(entry, ruleSet);
  const id = name ?? entry.user;
  const facts = factsIn(entry.facts, id, at ?? 0);
  if (at === undefined || facts === undefined) return undefined;
  const back = <T>(value: T): T => (name === undefined ? value : (replaceText(value, entry.user, name) as T));
  const { resource } = entry;
  const question: Question = {
    subject: { type: back(entry.subject?.type ?? 'user'), id, properties: back(entry.subject?.properties ?? NOTHING) },
    action: entry.action,
    input: back(entry.input ?? NOTHING),
    resource:
      resource === undefined
        ? null
        : { type: resource.type, id: back(resource.id ?? null), properties: back(resource.properties ?? NOTHING) },
    context: back(entry.context ?? NOTHING),
    amount: entry.amount ?? 1,
  };
  return { question, at, facts: withAttributes(facts, back), isNamed: name !== undefined };
}

/** The id of the user, where the catalogue of the rule file says it. */
function nameIn({ resource, ruleSet: { version } }: ApiLogEntry, { versions }: RuleSet): string | undefined {
  const judging = versions.find(({ ref }) => ref.version === version);
  if (resource?.isUser === undefined || resource.id === undefined || judging === undefined) return undefined;
  const known = catalogued(judging, { type: resource.type, id: resource.id });
  return resource.isUser.map((attribute) => known[attribute]).find((value) => typeof value === 'string');
}

function factsIn(logged: ApiLoggedFacts, id: string, at: Instant): Facts | undefined {
  switch (logged.state) {
    case 'notRead':
    case 'tooLarge':
      return undefined;
    case 'unreachable':
      return { state: 'unreachable' };
    case 'fresh':
    case 'stale':
      return { state: logged.state, member: memberIn(logged, id, at) };
  }
}

/** A member of whom only that is known which was logged: enough to be judged by the same rules again. */
function memberIn(logged: ApiLoggedFacts, id: string, at: Instant): Member | undefined {
  if (logged.revision === undefined) return undefined;
  const usage = Object.entries(logged.usage ?? {}).flatMap(([perk, { from, used, times }]) =>
    times === 0 ? [] : [[perk, [{ at: instantIn(from) ?? at, amount: used }]] as const],
  );
  return {
    id,
    revision: logged.revision,
    terms: (logged.terms ?? []).map(({ startsAt, endsAt, cancelledAt, ...term }) => ({
      ...term,
      startsAt: instantIn(startsAt) ?? 0,
      endsAt: instantIn(endsAt) ?? 0,
      ...(cancelledAt === undefined ? {} : { cancelledAt: instantIn(cancelledAt) ?? 0 }),
    })),
    usage: Object.fromEntries(usage),
    holdings: logged.holdings ?? NOTHING,
    extras: (logged.extras ?? []).map(({ from, until, ...extra }) => ({
      ...extra,
      ...(from === undefined ? {} : { from: instantIn(from) ?? 0 }),
      ...(until === undefined ? {} : { until: instantIn(until) ?? 0 }),
    })),
    attributes: (logged.attributes ?? NOTHING) as Readonly<Record<string, Attribute>>,
    keyDays: {},
  };
}

function withAttributes(facts: Facts, back: <T>(value: T) => T): Facts {
  if (facts.state === 'unreachable' || facts.member === undefined) return facts;
  return { ...facts, member: { ...facts.member, attributes: back(facts.member.attributes) } };
}

function instantIn(text: string | null): Instant | undefined {
  return text === null ? undefined : parseInstant(text);
}
