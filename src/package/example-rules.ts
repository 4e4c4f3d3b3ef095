import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { packageFile } from './package-file.ts';

/** For whoever has no rules yet: how to begin with those that come with the package. Empty where they do not. */
export function exampleRulesHint(): string {
  const folder = packageFile('rules');
  if (!existsSync(folder)) return '';
  const near = relative(process.cwd(), folder);
  return `; the package brings an example: PERKBOOK_RULES=${near === '' || near.startsWith('..') ? folder : near}`;
}
