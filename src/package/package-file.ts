import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The path of a file of this package, by its name from the package's root: `schemas/member.schema.json`. Found from there and not from
 * the file that asks, because that may have been packed together with others somewhere else.
 */
export function packageFile(name: string): string {
  return join(root(), name);
}

let found: string | undefined;

function root(): string {
  found ??= rootAbove(dirname(fileURLToPath(import.meta.url)));
  return found;
}

function rootAbove(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const above = dirname(folder);
  if (above === folder) throw new Error('this installation of perkbook has no `package.json`');
  return rootAbove(above);
}
