import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Finding } from '../rules/load/finding.ts';
import type { RuleBook, RuleSet, Version } from '../rules/rule-set.ts';
import { scheduledVersions, versionInForce } from '../rules/version-in-force.ts';

/** What the log says when rules were read. */
export type News = Readonly<Record<string, unknown>>;

/** The errors that kept an older book in force are gone, whether by better rules or by those that were there before. */
export const RIGHT_AGAIN: News = { level: 'info', message: 'the rules have no errors any more' };

/** A new book: which versions judge now and, apart, which will. Undefined where it has the versions of the one before. */
export function newBook(before: RuleBook, after: RuleBook, now: Instant): News | undefined {
  const differ = (of: (ruleSet: RuleSet) => readonly Version[]) => digestsOf(before, of) !== digestsOf(after, of);
  if (!differ(({ versions }) => versions)) return undefined;
  const scheduled = (ruleSet: RuleSet) => scheduledVersions(ruleSet, now);
  // Also one that is not the newest of those that have started may judge somebody.
  if (differ((ruleSet) => ruleSet.versions.filter((version) => !scheduled(ruleSet).includes(version))))
    return booked('new rules are in force', after, now);
  const isAny = [...after.ruleSets.values()].some((ruleSet) => scheduled(ruleSet).length > 0);
  return booked(isAny ? 'other rules are scheduled' : 'no rules are scheduled any more', after, now);
}

/** Rule sets of which nothing is chosen are left out. */
function digestsOf({ ruleSets }: RuleBook, of: (ruleSet: RuleSet) => readonly Version[]): string {
  const chosen = [...ruleSets.values()].map((each) => [each.id, of(each).map(({ ref }) => ref.digest)] as const);
  return JSON.stringify(chosen.filter(([, digests]) => digests.length > 0));
}

/** The same book, and a later time. */
export function startedNews(book: RuleBook, now: Instant): News {
  return booked('scheduled rules have started', book, now);
}

/** Names the versions that judge: another text where another one does. */
export function digestsInForce(book: RuleBook, now: Instant): string {
  return JSON.stringify(inForce(book, now, ({ digest }) => digest));
}

function booked(message: string, book: RuleBook, now: Instant): News {
  const ruleSets = inForce(book, now, ({ version }) => version);
  const scheduled = scheduledIn(book, now);
  return { level: 'info', message, ruleSets, ...(Object.keys(scheduled).length === 0 ? {} : { scheduled }) };
}

function inForce<T>(
  { ruleSets }: RuleBook,
  now: Instant,
  shown: (ref: { readonly version: number; readonly digest: string }) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries([...ruleSets.values()].map((each) => [each.id, shown(versionInForce(each, now).ref)]));
}

function scheduledIn({ ruleSets }: RuleBook, now: Instant): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...ruleSets.values()]
      .map((each) => [each.id, scheduledVersions(each, now)] as const)
      .filter(([, versions]) => versions.length > 0)
      .map(([id, versions]) => [
        id,
        versions.map(({ ref, from }) => ({ version: ref.version, from: formatInstant(from) })),
      ]),
  );
}

/** The errors that keep the last good book in force, as one line; undefined where there are none. */
export function rejectedNews(findings: readonly Finding[]): News | undefined {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return undefined;
  const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
  const message = `the rules were not loaded, the ones in force go on: ${first.message}${more}`;
  return { level: 'error', ...placed(first), message, errors: errors.length };
}

/** A line for each warning that was not there before. */
export function newWarnings(before: readonly Finding[], after: readonly Finding[]): readonly News[] {
  const known = new Set(before.map(named));
  return after
    .filter((each) => each.severity === 'warning' && !known.has(named(each)))
    .map((each) => ({ level: 'warn', ...placed(each) }));
}

function placed({ message, code, file, line, column, path }: Finding): News {
  return { message, code, file, line, column, path };
}

function named({ code, file, path, message }: Finding): string {
  return JSON.stringify([code, file, path, message]);
}
