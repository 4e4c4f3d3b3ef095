import { listed } from '../domain/listed.ts';
import { CHANNELS } from '../domain/member.ts';
import { Problem } from '../domain/problem.ts';
import type { MappedWord, MappingFile } from '../generated/mapping.ts';
import type { Problem as FileProblem, Path } from '../rules/load/finding.ts';
import type { RuleBook } from '../rules/rule-set.ts';
import { checkVocabulary } from '../use-cases/members/check-vocabulary.ts';
import { isFirstTier } from './first-tier.ts';

/** What is wrong with a mapping whose shape is right: names that the rules do not know, and paths that need another one. */
export function* mappingProblems(mapping: MappingFile, book: RuleBook): Generator<FileProblem> {
  const { holdings = {}, usage = {}, terms } = mapping;
  for (const name of Object.keys(holdings)) {
    yield* refused(['holdings', name], () => checkVocabulary(book, { holdings: { [name]: 0 } }, undefined));
  }
  for (const [name, { used, list, at, amount }] of Object.entries(usage)) {
    const path = ['usage', name];
    yield* refused(path, () => checkVocabulary(book, { usage: { [name]: [] } }, undefined));
    if (list !== undefined && used !== undefined)
      yield wrong(path, '`used` is a counter and `list` a list: it is one of them');
    if (list !== undefined && at === undefined)
      yield wrong(path, '`list` needs `at`: where in its entries the instant is');
    if (list === undefined && amount !== undefined) yield wrong(path, '`amount` is in the entries of a `list`');
  }
  if (terms === undefined) return;
  for (const [path, tier] of wordsOf(['terms', 'tier'], terms.tier)) {
    if (isFirstTier(book, tier)) continue;
    const term = { tier, channel: 'web', startsAt: 0, endsAt: 1 } as const;
    yield* refused(path, () => checkVocabulary(book, { terms: [term] }, undefined), false);
  }
  for (const [path, channel] of wordsOf(['terms', 'channel'], terms.channel)) {
    if (CHANNELS.some((each) => each === channel)) continue;
    yield wrong(path, `\`${channel}\` is no channel; it is ${listed(CHANNELS)}`);
  }
}

/** The words of the rules that a mapping writes down. */
function wordsOf(path: Path, word: MappedWord): readonly (readonly [Path, string])[] {
  if (typeof word === 'string') return [];
  if ('always' in word) return [[[...path, 'always'], word.always]];
  return Object.entries(word.values).map(([name, value]) => [[...path, 'values', name], value]);
}

function* refused(path: Path, check: () => void, atKey = true): Generator<FileProblem> {
  try {
    check();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    yield {
      ...wrong(path, error.message),
      atKey,
      ...(error.didYouMean !== undefined && { didYouMean: error.didYouMean }),
    };
  }
}

function wrong(path: Path, message: string): FileProblem {
  return { code: 'wrong_value', message, path };
}
