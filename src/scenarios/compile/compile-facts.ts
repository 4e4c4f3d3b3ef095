import type { Instant } from '../../domain/instant.ts';
import { formatInstant } from '../../domain/instant.ts';
import type { KindName } from '../../domain/perk.ts';
import type { Facts, ScenarioExtra, ScenarioMember, ScenarioTerm, UsageEntry } from '../../generated/scenario.ts';
import type { Path } from '../../rules/load/finding.ts';
import { type Context, isKnown, newestOf } from './context.ts';
import type { CastMember, ExtraFacts, MemberFacts, TermFacts } from './scenario.ts';
import { noInstant, parseTermText } from './term-text.ts';
import { parseTime } from './time-text.ts';

/** Somebody nobody has written about. */
export const STRANGER = 'stranger';
const NO_FACTS: MemberFacts = { terms: [], extras: [], attributes: {} };

/** A member of a scenario with all facts given: also no usage and no holdings are facts. */
export function compileMember(member: ScenarioMember, path: Path, context: Context): CastMember {
  if (member === STRANGER) return { id: undefined, facts: undefined };
  const start: MemberFacts = { ...NO_FACTS, usage: {}, holdings: {} };
  if (typeof member === 'string') {
    const term = compileTerm(member, path, context, 't1');
    return { id: undefined, facts: { ...start, terms: term === undefined ? [] : [term] } };
  }
  return { id: member.id, facts: compileFacts(member, start, path, context) };
}

/** `known` with what the facts name, each replaced as a whole. */
export function compileFacts(facts: Facts, known: MemberFacts, path: Path, context: Context): MemberFacts {
  const { terms, extras, attributes, holdings, usage } = facts;
  return {
    ...known,
    ...(terms === undefined
      ? {}
      : {
          terms: terms.flatMap((term, i) => compileTerm(term, [...path, 'terms', i], context, `t${i + 1}`) ?? []),
        }),
    ...(extras === undefined
      ? {}
      : { extras: extras.map((extra, i) => compileExtra(extra, [...path, 'extras', i], context)) }),
    ...(attributes === undefined ? {} : { attributes }),
    ...(holdings === undefined ? {} : { holdings: checkHoldings(holdings, [...path, 'holdings'], context) }),
    ...(usage === undefined ? {} : { usage: compileUsage(usage, [...path, 'usage'], context) }),
  };
}

/** `now` and `end`: where a text does not say when the term starts or ends. Undefined when something was reported. */
export function compileTerm(
  term: ScenarioTerm,
  path: Path,
  context: Context,
  id: string,
  now?: Instant,
  end?: Instant,
): TermFacts | undefined {
  if (typeof term !== 'string') {
    const { startsAt, endsAt, cancelledAt, ...rest } = term;
    isKnown(context, {
      name: term.tier,
      known: tierIds(context),
      what: 'tier',
      path: [...path, 'tier'],
      code: 'unknown_tier',
    });
    return {
      id,
      channel: 'web',
      ...rest,
      startsAt: timeAt(startsAt, [...path, 'startsAt'], context),
      endsAt: timeAt(endsAt, [...path, 'endsAt'], context),
      ...(cancelledAt === undefined ? {} : { cancelledAt: timeAt(cancelledAt, [...path, 'cancelledAt'], context) }),
    };
  }
  const written = parseTermText(term, now, end);
  if (typeof written === 'string') {
    context.report({ code: 'wrong_value', message: written, path });
    return undefined;
  }
  const { startsAt, endsAt, cancelledAt, ...rest } = written;
  if (!isKnown(context, { name: written.tier, known: tierIds(context), what: 'tier', path, code: 'unknown_tier' }))
    return undefined;
  if (endsAt <= startsAt) {
    context.report({ code: 'wrong_date', message: `\`${term}\` ends before it starts`, path });
    return undefined;
  }
  return {
    id,
    ...rest,
    startsAt: formatInstant(startsAt),
    endsAt: formatInstant(endsAt),
    ...(cancelledAt === undefined ? {} : { cancelledAt: formatInstant(cancelledAt) }),
  };
}

/** An instant as the API has it. What is none is reported, and left as it is written. */
export function timeAt(text: string, path: Path, context: Context): string {
  const instant = parseTime(text);
  if (instant !== undefined) return formatInstant(instant);
  context.report({ code: 'wrong_date', message: noInstant(text), path });
  return text;
}

/** The tiers that can be bought: nobody has a term of the first. */
function tierIds(context: Context): readonly string[] {
  return newestOf(context)
    .tiers.slice(1)
    .map(({ id }) => id);
}

function compileExtra(extra: ScenarioExtra, path: Path, context: Context): ExtraFacts {
  const { from, until, ...rest } = extra;
  isKnown(context, { name: extra.perk, known: newestOf(context).cards.keys(), what: 'perk', path: [...path, 'perk'] });
  return {
    ...rest,
    ...(from === undefined ? {} : { from: timeAt(from, [...path, 'from'], context) }),
    ...(until === undefined ? {} : { until: timeAt(until, [...path, 'until'], context) }),
  };
}

function compileUsage(
  usage: Readonly<Record<string, readonly UsageEntry[]>>,
  path: Path,
  context: Context,
): NonNullable<MemberFacts['usage']> {
  const counted: readonly KindName[] = ['quota', 'grant'];
  const perks = [...newestOf(context).cards.values()]
    .filter(({ kind }) => counted.includes(kind.name))
    .map(({ id }) => id);
  return Object.fromEntries(
    Object.entries(usage).map(([perk, entries]) => {
      isKnown(context, {
        name: perk,
        known: perks,
        what: 'perk whose use is counted',
        path: [...path, perk],
        atKey: true,
      });
      const compiled = entries.map((entry, i) => {
        const where = [...path, perk, i];
        return typeof entry === 'string'
          ? { at: timeAt(entry, where, context), amount: 1 }
          : { at: timeAt(entry.at, [...where, 'at'], context), amount: entry.amount ?? 1 };
      });
      return [perk, compiled];
    }),
  );
}

function checkHoldings(holdings: Readonly<Record<string, number>>, path: Path, context: Context) {
  const known = context.ruleSet.versions.flatMap(({ cards }) =>
    [...cards.values()].flatMap(({ kind }) => kind.holds ?? []),
  );
  for (const name of Object.keys(holdings)) {
    isKnown(context, { name, known: new Set(known), what: 'holding', path: [...path, name], atKey: true });
  }
  return holdings;
}
