import type { MappedTerms, MappedUsage, MappedWord, MappingFile } from '../../generated/mapping.ts';

/** Where a mapping reads: from the top of a document, or in each entry of a list there. */
export interface MappedPath {
  readonly list?: string;
  readonly path: string;
}

/** Every path that a mapping reads, once. A list comes before what is in its entries. */
export function pathsOf({ id, terms, holdings = {}, usage = {}, attributes = {} }: MappingFile): readonly MappedPath[] {
  const tops = [typeof id === 'string' ? id : id.path, ...Object.values(holdings), ...Object.values(attributes)];
  const all: readonly MappedPath[] = [
    ...tops.map((path) => ({ path })),
    ...Object.values(usage).flatMap(usagePaths),
    ...(terms === undefined ? [] : termPaths(terms)),
  ];
  return [...new Map(all.map((each) => [`${each.list ?? ''} ${each.path}`, each])).values()];
}

/** The lists of which a mapping reads the entries. */
export function listsOf(mapping: MappingFile): readonly string[] {
  return [...new Set(pathsOf(mapping).flatMap(({ list }) => list ?? []))];
}

/**
 * What MongoDB is to send: whole, what is at the first name of each path. INVARIANT: not less. Of a text it is asked to look into MongoDB
 * sends nothing, and of a list of texts an empty one, as if nothing were there.
 */
export function projectionOf(mapping: MappingFile): Readonly<Record<string, 1>> {
  const tops = pathsOf(mapping).map(({ list, path }) => (list ?? path).split('.', 1)[0] ?? '');
  return Object.fromEntries(tops.map((top) => [top, 1]));
}

function usagePaths({ used, list, at, amount }: MappedUsage): readonly MappedPath[] {
  return within(list, [used, at, amount]);
}

function termPaths(terms: MappedTerms): readonly MappedPath[] {
  const { list, id, tier, channel, startsAt, endsAt, cancelledAt, autoRenew, onlyIf = {} } = terms;
  return within(list, [
    ...Object.keys(onlyIf),
    ...[id, pathIn(tier), pathIn(channel), startsAt, endsAt, cancelledAt, autoRenew],
  ]);
}

function within(list: string | undefined, paths: readonly (string | undefined)[]): readonly MappedPath[] {
  const there = paths.filter((path) => path !== undefined);
  return list === undefined
    ? there.map((path) => ({ path }))
    : [{ path: list }, ...there.map((path) => ({ list, path }))];
}

function pathIn(word: MappedWord): string | undefined {
  if (typeof word === 'string') return word;
  return 'path' in word ? word.path : undefined;
}
