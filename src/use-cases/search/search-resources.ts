import { judgingAt } from '../../decide/decide.ts';
import { isAllowed } from '../../decide/is-allowed.ts';
import type { CheckedQuestion, ResourceClaim } from '../../domain/question.ts';
import type { RuleBook, Version } from '../../rules/rule-set.ts';
import { ruleSetNamed } from '../decisions/rule-set-named.ts';
import type { Clock, FactsReader } from '../ports.ts';
import { type Found, NOTHING_FOUND, pageOf, type SearchPage } from './found.ts';
import { searchedSubject } from './searched-subject.ts';

/** The resources of the catalogue to which it may be done; the resource of the question stands for each of them. Problem: `facts_unreachable`. */
export async function searchResources(
  { facts, clock }: { readonly facts: FactsReader; readonly clock: Clock },
  book: RuleBook,
  { question, ruleSetId, at, minRevision }: CheckedQuestion,
  page: SearchPage,
): Promise<Found> {
  const { resource } = question;
  const { isThere, member, degraded } = await searchedSubject(facts, question.subject, minRevision);
  if (!isThere || resource === null) return { ...NOTHING_FOUND, degraded };
  const ruleSet = ruleSetNamed(book, ruleSetId);
  const now = at ?? clock.now();
  const { version } = judgingAt(ruleSet, member, question, now);
  const may = (id: string) => isAllowed(ruleSet, member, { ...question, resource: { ...resource, id } }, now);
  return { ...pageOf(catalogued(version, resource), itself, may, page), degraded, unreadable: [] };
}

/** The ids of a catalogue, in order. Versions do not change, so each is sorted once. */
function catalogued({ resources }: Version, { type }: ResourceClaim): readonly string[] {
  const catalogue = Object.hasOwn(resources, type) ? resources[type] : undefined;
  if (catalogue === undefined) return [];
  const ids = sortedIds.get(catalogue) ?? Object.keys(catalogue).sort();
  sortedIds.set(catalogue, ids);
  return ids;
}

const sortedIds = new WeakMap<object, readonly string[]>();

function itself(id: string): string {
  return id;
}
