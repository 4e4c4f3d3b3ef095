import { readSources } from '../rules/load/folder/load-rules.ts';
import { RuleStoreUnreachable } from '../use-cases/ports.ts';
import type { RulesPlace } from './open-rules.ts';

/**
 * The ids of the rule sets that a server there has, or will have once it starts: with MongoDB, those of the folder too. Only looks; a folder
 * that is not there has none. Throws `RuleStoreUnreachable`.
 */
export async function ruleSetIds({ folder, mongodbUri }: Omit<RulesPlace, 'data'>): Promise<ReadonlySet<string>> {
  const [kept, inFolder] = await Promise.all([
    mongodbUri === undefined ? [] : idsInMongo(mongodbUri),
    readSources(folder).then(({ ruleSets }) => ruleSets.map(({ id }) => id), orNone),
  ]);
  return new Set([...kept, ...inFolder].sort());
}

async function idsInMongo(uri: string): Promise<readonly string[]> {
  const [{ connectRules }, { mongoRuleSets }] = await Promise.all([
    import('./mongo/mongo-rules-connection.ts'),
    import('./mongo/mongo-rule-sets.ts'),
  ]);
  const store = mongoRuleSets(await connectRules({ uri }));
  try {
    return (await store.read()).ruleSets.map(({ id }) => id);
  } finally {
    await store.close();
  }
}

function orNone(error: unknown): readonly string[] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw new RuleStoreUnreachable(`cannot read the folder of the rules: ${(error as Error).message}`, { cause: error });
}
