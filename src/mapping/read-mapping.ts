import { readFileSync } from 'node:fs';
import type { MappingFile } from '../generated/mapping.ts';
import { renderFinding } from '../rules/load/render-finding.ts';
import { toFinding } from '../rules/load/source.ts';
import { YamlReader } from '../rules/load/yaml-reader.ts';
import type { RuleBook } from '../rules/rule-set.ts';
import { mappingProblems } from './mapping-findings.ts';

/** Everything that is wrong with a mapping file, with its lines. */
export class BadMapping extends Error {
  override readonly name = 'BadMapping';
}

const files = new YamlReader<MappingFile>('mapping');

/** Reads a mapping file and checks it against the rules. Throws `BadMapping`. */
export function readMapping(file: string, book: RuleBook, colours = false): MappingFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new BadMapping(`the mapping file \`${file}\` cannot be read: ${(cause as Error).message}`, { cause });
  }
  const { read, findings } = files.read(text, file);
  const all =
    read === undefined
      ? findings
      : [...mappingProblems(read.data, book)].map((problem) => toFinding(read.source, problem));
  if (read === undefined || all.length > 0) {
    throw new BadMapping(all.map((finding) => renderFinding(finding, text, colours)).join('\n\n'));
  }
  return read.data;
}
