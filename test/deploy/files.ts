import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** The documents of a YAML file, in which a key that is there twice is a mistake. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into files whose shape is what they check
export function documentsOf(file: string): readonly any[] {
  return parseAllDocuments(textOf(file), { merge: true }).map((document) => {
    const [error] = [...document.errors, ...document.warnings];
    if (error !== undefined) throw error;
    return document.toJS();
  });
}
