import { newest } from '../../decide/pick-version.ts';
import { didYouMean } from '../../domain/did-you-mean.ts';
import { listed } from '../../domain/listed.ts';
import type { FindingCode, Path, Problem } from '../../rules/load/finding.ts';
import { type Source, toFinding } from '../../rules/load/yaml/source.ts';
import type { RuleBook, RuleSet, Version } from '../../rules/rule-set.ts';

/** What a scenario file is checked against, and where findings go. */
export interface Context {
  readonly book: RuleBook;
  readonly ruleSet: RuleSet;
  readonly source: Source;
  readonly report: (problem: Problem) => void;
}

/** The words of a scenario file are those of the newest version, unless only an older one has them. */
export function newestOf({ ruleSet }: Pick<Context, 'ruleSet'>): Version {
  return newest(ruleSet);
}

export function lineOf({ source }: Context, path: Path): number {
  return toFinding(source, { code: 'wrong_value', message: '', path }).line;
}

/** Reports a name that is none of `known`. Returns whether it is one. */
export function isKnown(
  context: Context,
  {
    name,
    known,
    what,
    path,
    code = 'wrong_value',
    atKey = false,
  }: {
    readonly name: string;
    readonly known: Iterable<string>;
    readonly what: string;
    readonly path: Path;
    readonly code?: FindingCode;
    readonly atKey?: boolean;
  },
): boolean {
  const names = [...known];
  if (names.includes(name)) return true;
  const meant = didYouMean(name, names);
  const rest = meant !== undefined || names.length === 0 ? '' : `: there is ${listed(names, 'and')}`;
  context.report({ code, message: `\`${name}\` is no ${what}${rest}`, path, atKey, didYouMean: meant });
  return false;
}
