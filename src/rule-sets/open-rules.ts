import { join } from 'node:path';
import type { DraftStore, RuleSetStore } from '../use-cases/rule-sets/ports.ts';
import { folderDrafts } from './folder/folder-drafts.ts';
import { folderStore } from './folder/folder-store.ts';
import { LiveRules, type LiveRulesOptions } from './live-rules.ts';

/** The rules in force, and where they and the drafts are kept. */
export interface OpenRules {
  readonly live: LiveRules;
  readonly ruleSetStore: RuleSetStore;
  readonly drafts: DraftStore;
  close(): Promise<void>;
}

export interface RulesPlace {
  /** The folder of the rule files. With MongoDB it only fills an empty collection. */
  readonly folder: string;
  /** The folder for drafts where there is no MongoDB. */
  readonly data: string;
  readonly mongodbUri: string | undefined;
}

/**
 * Loads the rules and follows them. Throws `NoRules` when there are none that can judge, and `RuleStoreUnreachable`. The driver of
 * MongoDB is loaded only where it is used.
 */
export async function openRules(place: RulesPlace, options: LiveRulesOptions): Promise<OpenRules> {
  const { ruleSetStore, drafts } =
    place.mongodbUri === undefined
      ? { ruleSetStore: folderStore(place.folder), drafts: folderDrafts(join(place.data, 'drafts')) }
      : await (await import('./mongo/open-mongo-rules.ts')).openMongoRules(
          { uri: place.mongodbUri },
          place.folder,
          options,
        );
  try {
    const live = await LiveRules.open(ruleSetStore, options);
    const close = async () => {
      // At once: what is being read then is wanted by nobody, and would be waited for.
      await Promise.all([live.close(), ruleSetStore.close()]);
    };
    return { live, ruleSetStore, drafts, close };
  } catch (error) {
    await ruleSetStore.close();
    throw error;
  }
}
