import { didYouMean } from '../../domain/did-you-mean.ts';
import { listed } from '../../domain/listed.ts';
import type { MappedTerms, MappingFile } from '../../generated/mapping.ts';
import { ownValueIfAny } from '../../mapping/own-value.ts';
import { type MappedPath, pathsOf } from './mapped-paths.ts';

/**
 * What is most likely mistyped in a mapping, by some documents of the collection: paths at which none of them has anything, also in
 * the entries of lists, and an `onlyIf` that leaves out every entry. Pure. Nothing is said of lists that are all empty. `whole`: some
 * documents with all that they have, which says what was probably meant.
 */
export function doubtsAbout(
  mapping: MappingFile,
  documents: readonly unknown[],
  whole: readonly unknown[] = documents,
): readonly string[] {
  if (documents.length === 0)
    return [`there is no document in \`${mapping.collection}\`: are its name and the database right?`];
  const nowhere = pathsOf(mapping).filter((each) => leadsNowhere(each, documents));
  const doubts = nowhere.map((each) => {
    const hint = hintFor(each.path, each.list === undefined ? whole : entriesOf(documents, each.list));
    return `no ${lookedAt(each.list, mapping)} has anything at \`${each.path}\`${hint}`;
  });
  const { terms } = mapping;
  if (terms?.onlyIf === undefined) return doubts;
  const { list, onlyIf } = terms;
  const isNamed = nowhere.some((each) => each.list === list && Object.hasOwn(onlyIf, each.path));
  const why = isNamed ? undefined : whyNobodyCounts(onlyIf, entriesOf(documents, list));
  return why === undefined ? doubts : [...doubts, `\`onlyIf\` leaves out every ${lookedAt(list, mapping)}: ${why}`];
}

/** The documents, or what is in their lists. */
function entriesOf(documents: readonly unknown[], list: string | undefined): readonly unknown[] {
  if (list === undefined) return documents;
  return documents.flatMap((each) => {
    const entries = ownValueIfAny(each, list);
    return Array.isArray(entries) ? entries : [];
  });
}

function leadsNowhere({ list, path }: MappedPath, documents: readonly unknown[]): boolean {
  const entries = entriesOf(documents, list);
  return entries.length > 0 && entries.every((each) => ownValueIfAny(each, path) === undefined);
}

function lookedAt(list: string | undefined, { collection }: MappingFile): string {
  return `${list === undefined ? 'document' : `entry of \`${list}\``} looked at in \`${collection}\``;
}

/** The path that was probably meant: another name for the first one that is nowhere. */
function hintFor(path: string, entries: readonly unknown[]): string {
  let holders = entries;
  const names = path.split('.');
  for (const [depth, name] of names.entries()) {
    const below = holders.map((each) => ownValueIfAny(each, name)).filter((each) => each !== undefined);
    if (below.length === 0) {
      return meaning(name, new Set(holders.flatMap(namesIn)), (meant) => names.with(depth, meant).join('.'));
    }
    holders = below;
  }
  return '';
}

function namesIn(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

/** Undefined where some entry counts, or there is none. */
function whyNobodyCounts(onlyIf: NonNullable<MappedTerms['onlyIf']>, entries: readonly unknown[]): string | undefined {
  const conditions = Object.entries(onlyIf);
  const holds = (entry: unknown, [path, values]: (typeof conditions)[number]) =>
    values.some((value) => value === ownValueIfAny(entry, path));
  if (entries.length === 0 || entries.some((entry) => conditions.every((each) => holds(entry, each)))) return undefined;
  const never = conditions.filter((each) => !entries.some((entry) => holds(entry, each)));
  if (never.length === 0) return 'each of its values is there, never all together';
  return never.map(([path, values]) => neverThere(path, values.map(String), entries)).join('; ');
}

function neverThere(path: string, values: readonly string[], entries: readonly unknown[]): string {
  const found = entries.map((each) => ownValueIfAny(each, path)).filter((each) => each !== undefined);
  const seen = new Set(found.map((each) => (typeof each === 'object' ? 'an object' : String(each))));
  const [hint = ''] = values.map((value) => meaning(value, seen)).filter((each) => each !== '');
  return `at \`${path}\` is ${listed(seen)}, never ${listed(values)}${hint}`;
}

function meaning(word: string, candidates: ReadonlySet<string>, shown = (meant: string) => meant): string {
  const meant = didYouMean(word, candidates);
  return meant === undefined ? '' : `; did you mean \`${shown(meant)}\`?`;
}
