import type { DraftStore } from '../../use-cases/rule-sets/ports.ts';
import { draftId, fromDraftDocument, toDraftDocument } from './mongo-rule-documents.ts';
import type { RulesConnection } from './mongo-rules-connection.ts';

export function mongoDrafts({ drafts, run }: RulesConnection): DraftStore {
  return {
    get: async (ruleSet, author) => {
      const _id = draftId(ruleSet, author);
      const found = await run('read the draft', (options) => drafts.findOne({ _id }, options));
      return found === null ? undefined : fromDraftDocument(found);
    },
    list: async (ruleSet) => {
      const found = await run('read the drafts', (options) =>
        // A range of ids, which needs no further index: `0` comes right after `/`.
        drafts.find({ _id: { $gt: `${ruleSet}/`, $lt: `${ruleSet}0` } }, { ...options, sort: { _id: 1 } }).toArray(),
      );
      return found.map(fromDraftDocument);
    },
    put: async (draft) => {
      const { _id, ...fields } = toDraftDocument(draft);
      await run('save the draft', (options) =>
        drafts.replaceOne({ _id }, fields, { ...options, upsert: true } as object),
      );
    },
    delete: async (ruleSet, author) => {
      const _id = draftId(ruleSet, author);
      const { deletedCount } = await run('delete the draft', (options) => drafts.deleteOne({ _id }, options as object));
      return deletedCount === 1;
    },
  };
}
