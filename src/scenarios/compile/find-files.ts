import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The YAML files that are meant by a file, a folder (with all below it), or a pattern with `*` (within a name) and `**` (any
 * folders). Sorted, so that every run is in the same order. Empty where nothing is there.
 */
export function findFiles(pattern: string): readonly string[] {
  const wildcard = pattern.search(/[*?]/);
  if (wildcard === -1) return isFolder(pattern) ? yamlBelow(pattern) : isFile(pattern) ? [pattern] : [];
  const slash = pattern.lastIndexOf('/', wildcard);
  const base = slash === -1 ? '.' : pattern.slice(0, slash) || '/';
  const matcher = patternOf(pattern.slice(slash + 1));
  if (!isFolder(base)) return [];
  return filesBelow(base)
    .filter((file) => matcher.test(file))
    .map((file) => (slash === -1 ? file : join(base, file)));
}

function yamlBelow(folder: string): readonly string[] {
  return filesBelow(folder)
    .filter((file) => /\.ya?ml$/.test(file))
    .map((file) => join(folder, file));
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: false })
    .map((file) => String(file).replaceAll('\\', '/'))
    .filter((file) => !file.includes('node_modules/') && isFile(join(folder, file)))
    .sort();
}

function patternOf(glob: string): RegExp {
  const source = glob.replaceAll(/\*\*\/|\*\*|\*|\?|[\\^$.|+()[\]{}]/g, (token) => {
    switch (token) {
      case '**/':
        return '(?:.*/)?';
      case '**':
        return '.*';
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      default:
        return `\\${token}`;
    }
  });
  return new RegExp(`^${source}$`);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
