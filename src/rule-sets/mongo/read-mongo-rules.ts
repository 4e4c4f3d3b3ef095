import { type LoadedRules, loadSources } from '../../rules/load/folder/load-rules.ts';
import type { LiveRulesOptions } from '../live-rules.ts';
import { asIfSeeded } from '../seed.ts';
import { mongoRuleSets } from './mongo-rule-sets.ts';
import { connectRules, type MongoRulesOptions } from './mongo-rules-connection.ts';

/**
 * What a server with this MongoDB and this folder would judge by, read once; nothing is written. Undefined where MongoDB has no rules, and
 * the server would begin with those of the folder. Throws `RuleStoreUnreachable`.
 */
export async function readMongoRules(
  mongo: MongoRulesOptions,
  folder: string,
  options: Pick<LiveRulesOptions, 'log'>,
): Promise<LoadedRules | undefined> {
  const store = mongoRuleSets(await connectRules(mongo));
  try {
    const known = await store.read();
    return known.ruleSets.length === 0 ? undefined : loadSources(await asIfSeeded(known, folder, options));
  } finally {
    await store.close();
  }
}
