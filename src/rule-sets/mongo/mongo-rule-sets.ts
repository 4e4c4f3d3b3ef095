import { randomUUID } from 'node:crypto';
import type { RuleSetSource } from '../../rules/load/folder/load-rules.ts';
import { RuleStoreUnreachable } from '../../use-cases/ports.ts';
import type { NewVersion, Outcome, Publication, RuleSetStore, StoredRules } from '../../use-cases/rule-sets/ports.ts';
import {
  fromVersionDocument,
  RULES_FORMAT,
  type RuleSetDocument,
  type RuleVersionDocument,
  toVersionDocument,
  type VersionEntry,
} from './mongo-rule-documents.ts';
import { isDuplicateKey, type RulesConnection } from './mongo-rules-connection.ts';
import { watchMongo } from './mongo-watch.ts';

export interface MongoRuleSets extends RuleSetStore {
  /** Puts all versions of a rule set that is not there yet, in one atomic step. Whether it was this call that put them. */
  seed(ruleSet: string, versions: readonly NewVersion[]): Promise<boolean>;
}

/**
 * Rule sets in MongoDB. The content of a version is written first, where nobody looks; then one guarded write to the document of the
 * rule set makes it count. No transactions, so any server will do, and no index besides that of `_id`.
 */
export function mongoRuleSets(connection: RulesConnection): MongoRuleSets {
  const { ruleSets, versions, run } = connection;
  /** Contents never change, so each is read once. */
  let contents: ReadonlyMap<string, RuleVersionDocument> = new Map();

  async function read(): Promise<StoredRules> {
    // Somebody may withdraw between the two reads, and then a content is missing: look again.
    for (let round = 0; ; round++) {
      const found = await run('read the rules', (options) =>
        ruleSets.find({}, { ...options, sort: { _id: 1 } }).toArray(),
      );
      const known = await withContents(found.map(requireFormat));
      if (known !== undefined) {
        contents = known;
        return storedRules(found, known);
      }
      if (round === 3) throw new RuleStoreUnreachable('could not read the rules: a version has no content');
    }
  }

  async function withContents(
    found: readonly RuleSetDocument[],
  ): Promise<ReadonlyMap<string, RuleVersionDocument> | undefined> {
    const wanted = found.flatMap((ruleSet) => ruleSet.versions.map(({ content }) => content));
    const missing = wanted.filter((id) => !contents.has(id));
    const read =
      missing.length === 0
        ? []
        : await run('read the rules', (options) => versions.find({ _id: { $in: missing } }, options).toArray());
    const all = new Map([...contents.values(), ...read].map((each) => [each._id, each]));
    const pairs = wanted.map((id) => [id, all.get(id)] as const);
    return pairs.every((pair): pair is readonly [string, RuleVersionDocument] => pair[1] !== undefined)
      ? new Map(pairs)
      : undefined;
  }

  /** A change to the entries of a rule set, if `content` is still its newest version (`undefined`: if it has none). */
  async function change(
    ruleSet: string,
    newest: string | undefined,
    update: { readonly $push: object } | { readonly $pull: object },
    isDone: (entries: readonly VersionEntry[]) => boolean,
  ): Promise<Outcome> {
    // The last entry, and nothing behind it.
    const count = newest === undefined ? 0 : await countUpTo(ruleSet, newest);
    if (count === undefined) return 'lost';
    const filter =
      newest === undefined
        ? { _id: ruleSet, versions: { $size: 0 } }
        : { _id: ruleSet, versions: { $size: count }, [`versions.${count - 1}.content`]: newest };
    try {
      const { matchedCount } = await run('write the rules', (options) =>
        ruleSets.updateOne(filter, update as never, options as object),
      );
      if (matchedCount === 1) return 'done';
    } catch (error) {
      if (!(error instanceof RuleStoreUnreachable)) throw error;
      // Perhaps it was written all the same.
      if (isDone(await entriesOf(ruleSet))) return 'done';
      throw error;
    }
    // The driver may have sent it twice, and the second time it no longer matched.
    return isDone(await entriesOf(ruleSet)) ? 'done' : 'lost';
  }

  async function entriesOf(ruleSet: string): Promise<readonly VersionEntry[]> {
    const found = await run('read the rules', (options) => ruleSets.findOne({ _id: ruleSet }, options));
    return found?.versions ?? [];
  }

  async function countUpTo(ruleSet: string, content: string): Promise<number | undefined> {
    const index = (await entriesOf(ruleSet)).findIndex((entry) => entry.content === content);
    return index === -1 ? undefined : index + 1;
  }

  async function writeContent(version: NewVersion): Promise<VersionEntry> {
    const content = randomUUID();
    await run('write the rules', (options) =>
      versions.insertOne(toVersionDocument(content, version), options as object),
    );
    const { version: number, digest } = version.publication;
    return { version: number, digest, content };
  }

  /** What nobody names is only in the way. */
  async function forget(entries: readonly VersionEntry[]): Promise<void> {
    const ids = entries.map(({ content }) => content);
    await run('tidy up', (options) => versions.deleteMany({ _id: { $in: ids } }, options as object)).catch(
      () => undefined,
    );
  }

  /** Makes the document of a rule set; `false` where it is there already. */
  async function create(ruleSet: string, entries: readonly VersionEntry[]): Promise<boolean> {
    const document: RuleSetDocument = { _id: ruleSet, format: RULES_FORMAT, versions: entries };
    try {
      await run('write the rules', (options) => ruleSets.insertOne(document, options as object));
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      // Ours, when the driver has sent it twice.
      return entries.length > 0 && (await entriesOf(ruleSet))[0]?.content === entries[0]?.content;
    }
  }

  return {
    read,
    async publish(version) {
      const { ruleSet, publication } = version;
      const before = await entriesOf(ruleSet);
      const newest = before.at(-1);
      if ((newest?.version ?? 0) !== publication.version - 1) return 'lost';
      if (newest === undefined) await create(ruleSet, []);
      const entry = await writeContent(version);
      const outcome = await change(ruleSet, newest?.content, { $push: { versions: entry } }, (entries) =>
        entries.some(({ content }) => content === entry.content),
      );
      if (outcome === 'lost') await forget([entry]);
      return outcome;
    },
    async withdraw(ruleSet, version, digest) {
      const newest = (await entriesOf(ruleSet)).at(-1);
      if (newest?.version !== version || newest.digest !== digest) return 'lost';
      const { content } = newest;
      const outcome = await change(ruleSet, content, { $pull: { versions: { content } } }, (entries) =>
        entries.every((entry) => entry.content !== content),
      );
      if (outcome === 'done') await forget([newest]);
      return outcome;
    },
    async seed(ruleSet, all) {
      const found = await run('read the rules', (options) => ruleSets.findOne({ _id: ruleSet }, options));
      if (found !== null) return false;
      const entries = await Promise.all(all.map(writeContent));
      const done = await create(ruleSet, entries);
      if (!done) await forget(entries);
      return done;
    },
    watch: async (mayHaveChanged) => watchMongo(connection, mayHaveChanged),
    close: connection.close,
  };
}

function requireFormat(document: RuleSetDocument): RuleSetDocument {
  if (document.format === RULES_FORMAT) return document;
  throw new RuleStoreUnreachable(
    `the rule set \`${document._id}\` in MongoDB has the format \`${document.format}\`; this perkbook knows \`${RULES_FORMAT}\`: update perkbook`,
  );
}

function storedRules(
  found: readonly RuleSetDocument[],
  contents: ReadonlyMap<string, RuleVersionDocument>,
): StoredRules {
  const withVersions = found.filter(({ versions }) => versions.length > 0);
  const ruleSets = withVersions.map(
    ({ _id, versions }): RuleSetSource => ({
      id: _id,
      shown: _id,
      versions: versions.map(({ version, content }) => {
        const text = contents.get(content)?.yaml;
        return { version, file: `${_id}/v${version}.yaml`, ...(text === undefined ? {} : { text }) };
      }),
      lock: new Map(versions.map(({ version, digest }) => [version, digest])),
      findings: [],
    }),
  );
  const history = withVersions.map(({ _id, versions }): readonly [string, readonly Publication[]] => [
    _id,
    versions.flatMap(({ content }) => {
      const document = contents.get(content);
      return document === undefined ? [] : [fromVersionDocument(document)];
    }),
  ]);
  return { ruleSets, findings: [], history: new Map(history) };
}
