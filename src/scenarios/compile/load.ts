import { readFileSync } from 'node:fs';
import type { Finding } from '../../rules/load/finding.ts';
import type { RuleBook } from '../../rules/rule-set.ts';
import { compileFile } from './compile-file.ts';
import { findFiles } from './find-files.ts';
import { scenarioFiles } from './read-file.ts';
import type { Case } from './scenario.ts';

/** The scenarios of one or more files, and everything that is wrong with these. */
export interface LoadedScenarios {
  readonly files: readonly string[];
  /** Of the files without findings. */
  readonly cases: readonly Case[];
  readonly findings: readonly Finding[];
  /** The text of each file, by its name in findings: for showing the line. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Reads scenario files: `patterns` are files, folders, or globs with `*` and `**`. */
export function loadScenarios(patterns: readonly string[], book: RuleBook): LoadedScenarios {
  const files = [...new Set(patterns.flatMap(findFiles))];
  const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
  const compiled = files.map((file) => compileText(texts.get(file) ?? '', file, book));
  return {
    files,
    texts,
    cases: compiled.flatMap(({ cases }) => cases),
    findings: compiled.flatMap(({ findings }) => findings),
  };
}

/** One file, given as text. */
export function compileText(
  text: string,
  file: string,
  book: RuleBook,
): { readonly cases: readonly Case[]; readonly findings: readonly Finding[] } {
  const { read, findings } = scenarioFiles.read(text, file);
  return read === undefined ? { cases: [], findings } : compileFile(read, book);
}
