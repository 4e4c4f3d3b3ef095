import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../../rules/load/check-rule-file.ts';
import { type RuleSetSource, type RuleSources, readSources } from '../../rules/load/folder/load-rules.ts';
import { LOCK_FILE, lockText } from '../../rules/load/folder/lock.ts';
import { RuleStoreUnreachable } from '../../use-cases/ports.ts';
import type { NewVersion, Outcome, Publication, RuleSetStore } from '../../use-cases/rule-sets/ports.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { readHistory, requireSoundHistory, scenariosFile, writeHistory } from './folder-history.ts';
import { watchFolder } from './folder-watch.ts';
import { createFile, removeFile, replaceFile } from './write-file-atomically.ts';

/**
 * Rule sets in a folder: `<rule set>/v<N>.yaml`, beside them `versions.lock` with the digests of what is published and
 * `history.yaml` with who, when and why. Files that people put there are versions too; Git can be their history.
 *
 * INVARIANT: the file of a version appears and disappears in one step, and that step decides: the history is written before it, the
 * lock after it. A crash in between leaves a version without a lock line, which the next publishing adds.
 */
export function folderStore(folder: string): RuleSetStore {
  return {
    read: () =>
      reachable(async () => {
        const sources = await readSources(folder);
        const histories = await Promise.all(
          sources.ruleSets.map(async (each) => [each.id, await historyOf(folder, each)] as const),
        );
        return { ...sources, history: new Map(histories) };
      }),
    publish: (version) =>
      reachable(async () => {
        const place = join(folder, version.ruleSet);
        await mkdir(place, { recursive: true });
        return oneAtATime(place, () => publish(folder, place, version));
      }),
    withdraw: (ruleSet, version, digest) =>
      reachable(async () => {
        const place = join(folder, ruleSet);
        return oneAtATime(place, () => withdraw(folder, place, { ruleSet, version, digest }));
      }),
    watch: (mayHaveChanged) => watchFolder(folder, mayHaveChanged),
    close: async () => {},
  };
}

async function publish(folder: string, place: string, { ruleSet, publication, yaml }: NewVersion): Promise<Outcome> {
  const known = sourceOf(await readSources(folder), ruleSet);
  const { version, scenarios } = publication;
  if (newestOf(known) !== version - 1) return 'lost';
  await requireSoundHistory(place);
  const history = await historyOf(folder, known);
  await writeHistory(place, [...history.filter((each) => each.version < version), publication]);
  if (scenarios !== undefined) await replaceFile(scenariosFile(place, version), scenarios);
  if (!(await createFile(join(place, `v${version}.yaml`), yaml))) return 'lost';
  // What it is published on top of is frozen with it, also where people put it there.
  const digests = known.versions.flatMap(({ version: each, text }) =>
    text === undefined ? [] : ([[each, digestOf(text)]] as const),
  );
  await replaceFile(join(place, LOCK_FILE), lockText(new Map([...digests, ...known.lock, [version, digestOf(yaml)]])));
  return 'done';
}

async function withdraw(
  folder: string,
  place: string,
  { ruleSet, version, digest }: { readonly ruleSet: string; readonly version: number; readonly digest: string },
): Promise<Outcome> {
  const known = sourceOf(await readSources(folder), ruleSet);
  const text = known.versions.at(-1)?.text;
  if (newestOf(known) !== version || text === undefined || digestOf(text) !== digest) return 'lost';
  await requireSoundHistory(place);
  // The lock first: a published version without a file would stop all rules from loading.
  const lock = new Map([...known.lock].filter(([each]) => each !== version));
  await replaceFile(join(place, LOCK_FILE), lockText(lock));
  await removeFile(join(place, `v${version}.yaml`));
  await removeFile(scenariosFile(place, version));
  const history = await historyOf(folder, known);
  await writeHistory(
    place,
    history.filter((each) => each.version < version),
  );
  return 'done';
}

function sourceOf({ ruleSets }: RuleSources, ruleSet: string): RuleSetSource {
  const found = ruleSets.find(({ id }) => id === ruleSet);
  return found ?? { id: ruleSet, shown: ruleSet, versions: [], lock: new Map(), findings: [] };
}

function newestOf({ versions }: RuleSetSource): number {
  return versions.at(-1)?.version ?? 0;
}

/** What is said of versions that are there and still have the text of which it was said. */
async function historyOf(folder: string, { id, versions }: RuleSetSource): Promise<readonly Publication[]> {
  const digests = new Map(versions.map(({ version, text }) => [version, text === undefined ? '' : digestOf(text)]));
  const history = await readHistory(join(folder, id));
  return history.filter(({ version, digest }) => digests.get(version) === digest);
}

async function reachable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof RuleStoreUnreachable) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RuleStoreUnreachable(`the folder of the rules cannot be read or written: ${reason}`, { cause });
  }
}
