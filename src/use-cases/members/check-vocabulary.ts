import { newest } from '../../decide/pick-version.ts';
import { didYouMean } from '../../domain/did-you-mean.ts';
import { inCode } from '../../domain/listed.ts';
import type { Member, Term } from '../../domain/member.ts';
import { Problem } from '../../domain/problem.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { holdingsOf, membershipRules, perksOfKind } from '../decisions/membership-rules.ts';
import type { MemberFields } from './member-fields.ts';

/** More than any real history; a longer list is a mistake. */
const MOST_TERMS = 1000;

/**
 * Refuses names that the rules do not know: a tier, a perk or a holding with a typing error would be stored and never count.
 * Names that the member already has are let through, so that what an older rule set wrote can still be changed around.
 * Throws `invalid_member` with the JSON pointer of the first.
 */
export function checkVocabulary(book: RuleBook, fields: MemberFields, stored: Member | undefined): void {
  checkTerms(book, fields.terms ?? [], stored);
  checkNames(Object.keys(fields.usage ?? {}), '/usage/', {
    what: 'perk whose usage is counted',
    known: perksOfKind(book, ['quota', 'grant']),
    stored: Object.keys(stored?.usage ?? {}),
  });
  checkNames(Object.keys(fields.holdings ?? {}), '/holdings/', {
    what: 'holding that a perk counts',
    known: holdingsOf(book),
    stored: Object.keys(stored?.holdings ?? {}),
  });
  fields.extras?.forEach(({ perk }, i) => {
    checkName(perk, `/extras/${i}/perk`, {
      what: 'perk that can be given as an extra',
      known: perksOfKind(book, ['limit', 'quota', 'slots', 'switch']),
      stored: stored?.extras.map((extra) => extra.perk) ?? [],
    });
  });
}

function checkTerms(book: RuleBook, terms: readonly Term[], stored: Member | undefined): void {
  if (terms.length > MOST_TERMS) throw refused('/terms', `a member has at most ${MOST_TERMS} terms`);
  const ids = new Set<string>();
  terms.forEach(({ id, tier }, i) => {
    checkTier(book, tier, `/terms/${i}/tier`, stored);
    if (id === undefined) return;
    if (ids.has(id)) throw refused(`/terms/${i}/id`, `two terms have the id \`${id}\`; each needs its own`);
    ids.add(id);
  });
}

/** That a term can be of this tier. `field`: where it was given. */
export function checkTier(book: RuleBook, tier: string, field: string, stored: Member | undefined): void {
  const rules = membershipRules(book);
  if (rules === undefined) throw refused(field, 'no rule set with tiers is loaded, so there can be no terms');
  const [first, ...others] = newest(rules).tiers.map(({ id }) => id);
  if (tier === first) {
    throw refused(field, `\`${tier}\` is what everybody has without a term; a term is of ${inCode(others)}`);
  }
  checkName(tier, field, {
    what: 'tier',
    known: new Set(others),
    stored: stored?.terms.map((term) => term.tier) ?? [],
  });
}

interface Vocabulary {
  readonly what: string;
  readonly known: ReadonlySet<string>;
  readonly stored: readonly string[];
}

function checkNames(names: readonly string[], under: string, vocabulary: Vocabulary): void {
  for (const name of names) {
    checkName(name, under + name.replaceAll('~', '~0').replaceAll('/', '~1'), vocabulary);
  }
}

function checkName(name: string, field: string, { what, known, stored }: Vocabulary): void {
  if (known.has(name) || stored.includes(name)) return;
  const possible = known.size === 0 ? 'there is none' : `there are ${inCode(known)}`;
  throw refused(field, `\`${name.slice(0, 256)}\` is no ${what}; ${possible}`, didYouMean(name, known));
}

function refused(field: string, message: string, didYouMean?: string): Problem {
  return new Problem('invalid_member', message, { field, ...(didYouMean !== undefined && { didYouMean }) });
}
