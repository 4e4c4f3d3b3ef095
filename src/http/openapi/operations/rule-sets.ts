import type { Operation, OperationKey } from '../operation.ts';
import { IF_NONE_MATCH, type Parameter, RULE_SET } from '../parameters.ts';

const VERSION: Parameter = {
  description: 'The number of a version.',
  schema: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
  example: 1,
};

export const ruleSetOperations: Readonly<Record<OperationKey, Operation>> = {
  'GET /v1/rule-sets': {
    id: 'listRuleSets',
    says: 'Every rule set',
    tag: 'Rule sets',
    answers: { 200: { says: 'The rule sets.', schema: 'answers/rule-sets/rule-set-list' } },
  },
  'GET /v1/rule-sets/:id': {
    id: 'getRuleSet',
    says: 'What can be asked: tiers, perks, actions and their inputs',
    tag: 'Rule sets',
    parameters: { id: RULE_SET },
    headers: { 'If-None-Match': IF_NONE_MATCH },
    answers: {
      200: { says: 'What the newest version declares.', schema: 'answers/rule-sets/rule-set', headers: ['ETag'] },
      304: { says: 'It is the one that you have.', headers: ['ETag'] },
    },
    problems: ['unknown_rule_set'],
  },
  'GET /v1/rule-sets/:id/versions': {
    id: 'listVersions',
    says: 'Every version, and who published it, when and why',
    tag: 'Rule sets',
    parameters: { id: RULE_SET },
    headers: { 'If-None-Match': IF_NONE_MATCH },
    answers: {
      200: { says: 'The versions.', schema: 'answers/rule-sets/version-list', headers: ['ETag'] },
      304: { says: 'They are the ones that you have.', headers: ['ETag'] },
    },
    problems: ['unknown_rule_set'],
  },
  'GET /v1/rule-sets/:id/versions/:version': {
    id: 'getVersion',
    says: 'One version with its content',
    more: 'With `Accept: application/yaml` the file itself, byte for byte.',
    tag: 'Rule sets',
    parameters: { id: RULE_SET, version: VERSION },
    answers: { 200: { says: 'The version.', schema: 'answers/rule-sets/version', headers: ['Vary'] } },
    problems: ['unknown_rule_set', 'unknown_version'],
  },
  'GET /v1/rule-sets/:id/matrix': {
    id: 'getMatrix',
    says: 'What every tier gets of every perk',
    tag: 'Rule sets',
    parameters: {
      id: RULE_SET,
      version: { ...VERSION, description: 'The number of a version; the one in force where absent.' },
    },
    answers: { 200: { says: 'The table.', schema: 'answers/rule-sets/matrix' } },
    problems: ['unknown_rule_set', 'unknown_version'],
  },
  'GET /v1/rule-sets/:id/diff': {
    id: 'diffVersions',
    says: 'What one version changes of another',
    more: 'By meaning: sentences, not lines. Also as Markdown and as text.',
    tag: 'Rule sets',
    parameters: {
      id: RULE_SET,
      from: { ...VERSION, description: 'The older version; the one before `to` where absent.' },
      to: { ...VERSION, description: 'The newer version; the newest where absent.' },
    },
    answers: { 200: { says: 'The changes.', schema: 'answers/rule-sets/diff', headers: ['Vary'] } },
    problems: ['unknown_rule_set', 'unknown_version'],
  },
};
