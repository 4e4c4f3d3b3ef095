import type { MappedWord, MappingFile } from '../../generated/mapping.ts';

/** Every path from the top of a document that a mapping reads. */
export function pathsOf({ id, terms, holdings = {}, usage = {}, attributes = {} }: MappingFile): readonly string[] {
  const all = [typeof id === 'string' ? id : id.path, ...Object.values(holdings), ...Object.values(attributes)];
  for (const { used, list, at } of Object.values(usage)) {
    if (list !== undefined) all.push(list);
    else all.push(...[used, at].filter((path) => path !== undefined));
  }
  if (terms?.list !== undefined) all.push(terms.list);
  else if (terms !== undefined) {
    const { tier, channel, startsAt, endsAt, cancelledAt, autoRenew, onlyIf = {} } = terms;
    all.push(...pathIn(tier), ...pathIn(channel), startsAt, endsAt, ...Object.keys(onlyIf));
    all.push(...[terms.id, cancelledAt, autoRenew].filter((path) => path !== undefined));
  }
  return [...new Set(all)];
}

/** What MongoDB is to send: no path together with one above it. */
export function projectionOf(mapping: MappingFile): Readonly<Record<string, 1>> {
  const paths = pathsOf(mapping);
  const tops = paths.filter((path) => !paths.some((other) => path.startsWith(`${other}.`)));
  return Object.fromEntries(tops.map((path) => [path, 1]));
}

function pathIn(word: MappedWord): readonly string[] {
  if (typeof word === 'string') return [word];
  return 'path' in word ? [word.path] : [];
}
