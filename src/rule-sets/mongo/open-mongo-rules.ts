import type { DraftStore, RuleSetStore } from '../../use-cases/rule-sets/ports.ts';
import type { LiveRulesOptions } from '../live-rules.ts';
import { seedFromFolder } from '../seed.ts';
import { mongoDrafts } from './mongo-drafts.ts';
import { mongoRuleSets } from './mongo-rule-sets.ts';
import { connectRules, type MongoRulesOptions } from './mongo-rules-connection.ts';

/** The rules in MongoDB, with those of the folder put into it where it has none. */
export async function openMongoRules(
  mongo: MongoRulesOptions,
  folder: string,
  options: LiveRulesOptions,
): Promise<{ readonly ruleSetStore: RuleSetStore; readonly drafts: DraftStore }> {
  const connection = await connectRules(mongo);
  const ruleSetStore = mongoRuleSets(connection);
  try {
    await seedFromFolder(ruleSetStore, folder, options);
  } catch (error) {
    await ruleSetStore.close();
    throw error;
  }
  return { ruleSetStore, drafts: mongoDrafts(connection) };
}
