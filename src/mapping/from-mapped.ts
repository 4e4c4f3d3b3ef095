import type { Instant } from '../domain/instant.ts';
import { CHANNELS, type Term, type UsageEntry } from '../domain/member.ts';
import type { MappedTerms, MappedUsage, MappedWord, MappingFile } from '../generated/mapping.ts';
import type { MemberFields } from '../use-cases/members/member-fields.ts';
import { ownValue } from './own-value.ts';
import { UnreadableValue } from './unreadable-value.ts';
import { attributeAt, booleanAt, countAt, instantAt, listAt, textAt, wordAt } from './values.ts';

/** What the rules say of words in a document. */
export interface MappedNames {
  /** Whether it is the tier of who has no term. */
  isFirstTier(tier: string): boolean;
}

const MOST_TERMS = 1_000;
const MOST_USES = 100_000;
/** 9999-12-31T23:59:59Z. */
const FOREVER = 253_402_300_799_000;

/**
 * A member as a document of another shape tells of it. Pure: own properties at the paths of the mapping, and nothing else. Throws
 * `UnreadableValue` for what is there and cannot be understood: a typing error must never make a paying member a free one.
 */
export function fromMapped(document: unknown, mapping: MappingFile, names: MappedNames, now: Instant): MemberFields {
  const { terms, holdings = {}, usage = {}, attributes = {}, epoch } = mapping;
  return {
    terms: terms === undefined ? [] : termsIn(document, terms, epoch, names),
    holdings: present(holdings, (path) => countAt(document, path)),
    usage: present(usage, (each) => usesIn(document, each, epoch, now)),
    extras: [],
    attributes: present(attributes, (path) => attributeAt(document, path)),
  };
}

function termsIn(
  document: unknown,
  terms: MappedTerms,
  epoch: MappingFile['epoch'],
  names: MappedNames,
): readonly Term[] {
  const entries = terms.list === undefined ? [document] : listAt(document, terms.list, MOST_TERMS);
  return entries.flatMap((entry) => {
    const { onlyIf = {}, onlyIfMissing } = terms;
    if (!mayCount(entry, onlyIf)) return [];
    const missing = Object.keys(onlyIf).find((path) => ownValue(entry, path) === undefined);
    if (missing !== undefined && onlyIfMissing === 'leftOut') return [];
    const tier = wordAt(entry, terms.tier);
    // A document without a tier is of somebody who never bought one; an entry of a list is something that was bought.
    if (tier === undefined && terms.list !== undefined) {
      throw new UnreadableValue(`${terms.list}.${pathOf(terms.tier)}`, undefined, 'a term has a tier');
    }
    if (tier === undefined || names.isFirstTier(tier)) return [];
    if (missing !== undefined) {
      const path = terms.list === undefined ? missing : `${terms.list}.${missing}`;
      throw new UnreadableValue(
        path,
        undefined,
        'a term has what `onlyIf` asks for; `onlyIfMissing: leftOut` would say that one without it does not count',
      );
    }
    return [termIn(entry, tier, terms, epoch)];
  });
}

/** By what is there. INVARIANT: that nothing is there leaves no term out by itself: the path may be mistyped, and all would be free. */
function mayCount(entry: unknown, onlyIf: NonNullable<MappedTerms['onlyIf']>): boolean {
  return Object.entries(onlyIf).every(([path, values]) => {
    const found = ownValue(entry, path);
    return found === undefined || values.some((value) => value === found);
  });
}

function termIn(entry: unknown, tier: string, terms: MappedTerms, epoch: MappingFile['epoch']): Term {
  const startsAt = instantAt(entry, terms.startsAt, epoch);
  if (startsAt === undefined) throw new UnreadableValue(terms.startsAt, undefined, 'a term has a start');
  const end = instantAt(entry, terms.endsAt, epoch);
  if (end === undefined && terms.withoutEnd !== 'forever') {
    throw new UnreadableValue(terms.endsAt, undefined, '`withoutEnd: forever` would say that such a term never ends');
  }
  const endsAt = end ?? FOREVER;
  if (endsAt <= startsAt) {
    throw new UnreadableValue(terms.endsAt, ownValue(entry, terms.endsAt), 'a term ends after it starts');
  }
  const word = wordAt(entry, terms.channel);
  const channel = CHANNELS.find((each) => each === word);
  if (channel === undefined) {
    throw new UnreadableValue(
      pathOf(terms.channel),
      word,
      'a channel is `web`, `ios` or `android`; `values` says which',
    );
  }
  const id = terms.id === undefined ? undefined : textAt(entry, terms.id);
  const cancelledAt = terms.cancelledAt === undefined ? undefined : instantAt(entry, terms.cancelledAt, epoch);
  const autoRenew = terms.autoRenew === undefined ? undefined : booleanAt(entry, terms.autoRenew);
  return {
    ...(id !== undefined && { id }),
    tier,
    channel,
    startsAt,
    endsAt,
    ...(cancelledAt !== undefined && { cancelledAt }),
    ...(autoRenew !== undefined && { autoRenew }),
  };
}

function pathOf(word: MappedWord): string {
  if (typeof word === 'string') return word;
  return 'path' in word ? word.path : 'always';
}

function usesIn(
  document: unknown,
  { used, list, at, amount }: MappedUsage,
  epoch: MappingFile['epoch'],
  now: Instant,
): readonly UsageEntry[] | undefined {
  if (list !== undefined && at !== undefined) {
    return listAt(document, list, MOST_USES).flatMap((entry) => {
      const when = instantAt(entry, at, epoch);
      if (when === undefined) throw new UnreadableValue(`${list}.${at}`, undefined, 'a use has an instant');
      const many = amount === undefined ? 1 : (countAt(entry, amount) ?? 1);
      return many === 0 ? [] : [{ at: when, amount: many }];
    });
  }
  const when = at === undefined ? undefined : instantAt(document, at, epoch);
  if (used === undefined) return when === undefined ? undefined : [{ at: when, amount: 1 }];
  const count = countAt(document, used);
  if (count === undefined || count === 0) return undefined;
  if (at !== undefined && when === undefined) {
    throw new UnreadableValue(at, undefined, `\`${used}\` is counted since then`);
  }
  return [{ at: when ?? now, amount: count }];
}

/** The entries of which there is something. */
function present<From, To>(
  mapped: Readonly<Record<string, From>>,
  read: (from: From) => To | undefined,
): Readonly<Record<string, To>> {
  return Object.fromEntries(
    Object.entries(mapped).flatMap(([name, from]) => {
      const value = read(from);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
