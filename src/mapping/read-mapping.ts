import { readFileSync } from 'node:fs';
import type { MappingFile } from '../generated/mapping.ts';
import type { Finding } from '../rules/load/finding.ts';
import { renderFinding } from '../rules/load/render-finding.ts';
import { toFinding } from '../rules/load/yaml/source.ts';
import { type ReadYaml, YamlReader } from '../rules/load/yaml/yaml-reader.ts';
import type { RuleBook } from '../rules/rule-set.ts';
import { mappingProblems } from './mapping-findings.ts';

/** Everything that is wrong with a mapping file, with its lines. */
export class BadMapping extends Error {
  override readonly name = 'BadMapping';
}

const files = new YamlReader<MappingFile>('mapping');

/** Reads a mapping file and checks it against the rules. Throws `BadMapping`. */
export function readMapping(file: string, book: RuleBook, colours = false): MappingFile {
  const { text, source, data } = shaped(file, colours);
  const findings = [...mappingProblems(data, book)].map((problem) => toFinding(source, problem));
  if (findings.length > 0) throw new BadMapping(rendered(findings, text, colours));
  return data;
}

/** Of a mapping file what rules without tiers can read: they know the attributes, and none of the other names. Throws `BadMapping`. */
export function readAttributes(file: string): MappingFile {
  const { terms, holdings, usage, ...others } = shaped(file, false).data;
  return others;
}

/** What is in the file, where its shape is right; its names may not be. */
function shaped(file: string, colours: boolean): ReadYaml<MappingFile> & { readonly text: string } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new BadMapping(`the mapping file \`${file}\` cannot be read: ${(cause as Error).message}`, { cause });
  }
  const { read, findings } = files.read(text, file);
  if (read === undefined) throw new BadMapping(rendered(findings, text, colours));
  return { text, ...read };
}

function rendered(findings: readonly Finding[], text: string, colours: boolean): string {
  return findings.map((finding) => renderFinding(finding, text, colours)).join('\n\n');
}
