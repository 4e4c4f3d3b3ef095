import type { FindingCode } from '../../../src/rules/load/finding.ts';

/** What only shows in a folder, or in more than one file; tested in `load-rules.test.ts` and `shape.test.ts`. */
export const FOLDER_CODES: readonly FindingCode[] = [
  'wrong_rule_set',
  'wrong_version',
  'two_memberships',
  'changed_version',
  'missing_version',
  'version_order',
  'deleted_tier',
  'bad_lock',
  'unreadable',
  'wrong_folder',
  'same_start',
  'not_locked',
  'no_version',
  'misnamed_file',
  'outside_folder',
  'too_many_findings',
];
