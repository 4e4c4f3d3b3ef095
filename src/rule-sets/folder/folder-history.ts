import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { formatInstant, parseInstant } from '../../domain/instant.ts';
import type { Publication } from '../../use-cases/rule-sets/ports.ts';
import { replaceFile } from './write-file-atomically.ts';

const FILE = 'history.yaml';
const HEAD = '# Who published which version, when and why. Written by the program.\n';

interface Entry {
  readonly version: number;
  readonly digest: string;
  readonly publishedAt: string;
  readonly author: string;
  readonly note: string;
  readonly rollbackTo?: number;
}

/** What lies beside the versions. It judges nothing: what cannot be read in it is left out, and never stops the rules from loading. */
export async function readHistory(folder: string): Promise<readonly Publication[]> {
  const entries = parsed(await historyText(folder)) ?? [];
  return Promise.all(entries.flatMap(fromEntry).map((each) => withScenarios(folder, each)));
}

export function writeHistory(folder: string, history: readonly Publication[]): Promise<void> {
  const entries = history.map(toEntry);
  return replaceFile(join(folder, FILE), HEAD + (entries.length === 0 ? '[]\n' : stringify(entries, { lineWidth: 0 })));
}

/**
 * Throws where the history is there and cannot be read: whoever writes it anew would destroy it, and the promises of the versions that it
 * names would silently be forgotten.
 */
export async function requireSoundHistory(folder: string): Promise<void> {
  const entries = parsed(await historyText(folder));
  if (entries?.every((entry) => fromEntry(entry).length === 1)) return;
  throw new Error(`\`${join(folder, FILE)}\` is damaged: mend it, or bring back the last good one`);
}

function historyText(folder: string): Promise<string> {
  return readFile(join(folder, FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
}

/** Where the promises of a version lie that came with it. */
export function scenariosFile(folder: string, version: number): string {
  return join(folder, `v${version}.scenarios.yaml`);
}

async function withScenarios(folder: string, publication: Publication): Promise<Publication> {
  const scenarios = await readFile(scenariosFile(folder, publication.version), 'utf8').catch(() => undefined);
  return scenarios === undefined ? publication : { ...publication, scenarios };
}

/** Undefined where it is no list. */
function parsed(text: string): readonly unknown[] | undefined {
  try {
    const data: unknown = parse(text);
    return Array.isArray(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

function toEntry({ version, digest, publishedAt, author, note, rollbackTo }: Publication): Entry {
  const at = formatInstant(publishedAt);
  return { version, digest, publishedAt: at, author, note, ...(rollbackTo === undefined ? {} : { rollbackTo }) };
}

function fromEntry(entry: unknown): readonly Publication[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const { version, digest, publishedAt, author, note, rollbackTo } = entry as Readonly<Record<string, unknown>>;
  const at = parseInstant(String(publishedAt));
  if (typeof version !== 'number' || typeof digest !== 'string' || at === undefined) return [];
  const back = typeof rollbackTo === 'number' ? { rollbackTo } : {};
  return [{ version, digest, publishedAt: at, author: String(author), note: String(note), ...back }];
}
