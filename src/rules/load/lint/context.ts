import { didYouMean } from '../../../domain/did-you-mean.ts';
import type { Perk, RuleFile } from '../../../generated/rule-file.ts';
import { type FindingCode, type Path, pathOf, pointerOf, type Report } from '../finding.ts';
import type { Draft } from '../shape/shape.ts';
import type { Source } from '../yaml/source.ts';

/** What every check of the lint works with. `file` has holes where something was reported before. */
export interface LintContext {
  readonly file: Draft<RuleFile>;
  readonly source: Source;
  readonly broken: ReadonlySet<string>;
  readonly brokenKeys: ReadonlyMap<string, readonly string[]>;
  readonly report: Report;
  /** The tiers, low to high. */
  readonly tiers: readonly string[];
}

export type DraftPerk = Draft<Perk>;

/** The entries of a map that are there and sound. */
export function entries<Value>(map: Readonly<Record<string, Value | undefined>> | undefined): [string, Value][] {
  return Object.entries(map ?? {}).filter((entry): entry is [string, Value] => entry[1] !== undefined);
}

export function keys(map: object | undefined): string[] {
  return Object.keys(map ?? {});
}

export function has(map: object | undefined, key: string): boolean {
  return map !== undefined && Object.hasOwn(map, key);
}

export function isBroken(context: LintContext, path: Path): boolean {
  return context.broken.has(pointerOf(path));
}

/** The keys of a map whose values were reported and left out. */
export function brokenBelow({ brokenKeys }: LintContext, path: Path): readonly string[] {
  return brokenKeys.get(pointerOf(path)) ?? [];
}

/** The keys of what was reported, by the pointer of the map they are in. */
export function brokenKeysOf(broken: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const byParent = new Map<string, string[]>();
  for (const pointer of broken) {
    const path = pathOf(pointer);
    const key = path.at(-1);
    if (key === undefined) continue;
    const parent = pointerOf(path.slice(0, -1));
    const siblings = byParent.get(parent);
    if (siblings === undefined) byParent.set(parent, [key]);
    else siblings.push(key);
  }
  return byParent;
}

/** Reports a name that names nothing, with the nearest one that does. */
export function reportUnknown(
  { report }: LintContext,
  code: FindingCode,
  name: string,
  path: Path,
  message: string,
  known: Iterable<string>,
  atKey = false,
): void {
  report({ code, message, path, atKey, didYouMean: didYouMean(name, known) });
}

/** What an action does with a perk: the verb, whichever way it is written. */
export function verbOf(use: unknown): string | undefined {
  if (typeof use === 'string') return use;
  return (use as { readonly does?: string } | undefined)?.does;
}
