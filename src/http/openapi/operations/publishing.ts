import type { ProblemCode } from '../../../domain/problem.ts';
import { AUTHOR as AUTHOR_NAME, VERSION_TAG } from '../../incoming/rule-set-request.ts';
import type { Answer, Operation, OperationKey } from '../operation.ts';
import { type Parameter, RULE_SET } from '../parameters.ts';

const NEWEST_IS = { schema: { type: 'string', pattern: VERSION_TAG.source }, example: '"1"' } as const;
const NEWEST: Parameter = {
  ...NEWEST_IS,
  description: 'The number of the newest version that you know, in quotes; `"0"` where there is none yet.',
  required: true,
};
const AUTHOR: Parameter = {
  description: 'Who publishes.',
  schema: { type: 'string', minLength: 1, maxLength: 128, pattern: AUTHOR_NAME.source },
};
/** Not only spaces, and no control character. */
const ONE_LINE =
  '^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$';
const NOTE: Parameter = {
  description: 'Why, for whoever reads the history.',
  schema: { type: 'string', minLength: 1, maxLength: 1000, pattern: ONE_LINE },
  required: true,
};
const PUBLISHING = {
  note: NOTE,
  dryRun: { description: 'Check everything and write nothing.', schema: { type: 'boolean' } },
  acceptLoss: {
    description: 'The share of members that may lose something: `0.005`.',
    schema: { type: 'number', minimum: 0, maximum: 1 },
  },
  acceptScenarios: {
    description:
      'The names of scenarios that may fail: a JSON list or, where no name has a comma, with commas between them. A refusal has it ready in `accept`.',
    schema: {
      anyOf: [
        { type: 'string', pattern: '^(?:\\s*[^\\s\\[].*)?$' },
        {
          type: 'string',
          contentMediaType: 'application/json',
          contentSchema: { type: 'array', items: { type: 'string' } },
        },
      ],
    },
  },
} as const satisfies Readonly<Record<string, Parameter>>;

const REFUSED: readonly ProblemCode[] = [
  ...(['malformed_body', 'missing_field', 'invalid_field', 'precondition_required', 'stale_version'] as const),
  ...(['broken_rules', 'invalid_rule_set', 'invalid_scenarios', 'scenarios_fail', 'loss_not_accepted'] as const),
  ...(['version_scheduled', 'rules_unreachable', 'facts_unreachable', 'facts_unreadable', 'impact_running'] as const),
];
const PUBLISHED: Answer = {
  says: 'It is published, and in force from `from` on.',
  schema: 'answers/publishing/publication',
  headers: ['ETag', 'Location'],
};
const WOULD_BE: Answer = { says: 'It could be published (`dryRun`).', schema: 'answers/publishing/publication' };

const ONE = { id: RULE_SET, author: { ...AUTHOR, description: 'Whose draft it is.' } };

export const publishingOperations: Readonly<Record<OperationKey, Operation>> = {
  'POST /v1/rule-sets/:id/validate': {
    id: 'validateRules',
    says: 'What is wrong with a rule file?',
    more: 'Everything at once, with lines and columns. Nothing is published.',
    tag: 'Publishing',
    parameters: { id: RULE_SET },
    body: { says: 'A rule file.' },
    answers: { 200: { says: 'All findings.', schema: 'answers/publishing/validation' } },
    problems: ['malformed_body'],
  },
  'POST /v1/rule-sets/:id/versions': {
    id: 'publish',
    says: 'Publish the next version',
    more: 'A version that has been published never changes. What it breaks of the promises is refused, unless the promises change with it (`multipart/form-data` with `ruleSet` and `scenarios`) or are accepted by name.',
    tag: 'Publishing',
    parameters: { id: RULE_SET, ...PUBLISHING },
    headers: { 'If-Match': NEWEST, 'X-Perkbook-Author': AUTHOR },
    body: {
      says: 'A rule file.',
      parts: { ruleSet: 'The rule file.', scenarios: 'The promises that change with it.' },
    },
    answers: { 200: WOULD_BE, 201: PUBLISHED },
    problems: [...REFUSED, 'unknown_field'],
  },
  'DELETE /v1/rule-sets/:id/versions/:version': {
    id: 'withdraw',
    says: 'Take back the newest version before it starts',
    more: 'Its number is free again.',
    tag: 'Publishing',
    parameters: {
      id: RULE_SET,
      version: {
        description: 'The number of the newest version.',
        schema: { type: 'integer', minimum: 1 },
        example: 2,
      },
    },
    headers: { 'If-Match': { ...NEWEST_IS, description: 'Only if it is this number, in quotes.' } },
    answers: { 204: { says: 'It is gone.' } },
    problems: [
      ...(['invalid_field', 'unknown_rule_set', 'unknown_version', 'stale_version'] as const),
      ...(['version_started', 'broken_rules', 'rules_unreachable'] as const),
    ],
  },
  'POST /v1/rule-sets/:id/rollback': {
    id: 'rollback',
    says: 'Go back to an older version, at once and for everybody',
    more: 'A new version with the old content.',
    tag: 'Publishing',
    parameters: { id: RULE_SET },
    headers: { 'X-Perkbook-Author': AUTHOR },
    body: { schema: 'rollback', examples: { back: { to: 1, note: 'version 2 counts wrong' } } },
    answers: { 200: WOULD_BE, 201: PUBLISHED },
    problems: [...REFUSED, 'unknown_field', 'unknown_rule_set', 'unknown_version', 'nothing_changes'],
  },
  'GET /v1/rule-sets/:id/drafts': {
    id: 'listDrafts',
    says: 'Who is working on what',
    tag: 'Publishing',
    parameters: { id: RULE_SET },
    answers: { 200: { says: 'The drafts, without their texts.', schema: 'answers/publishing/draft-list' } },
    problems: ['rules_unreachable'],
  },
  'GET /v1/rule-sets/:id/drafts/:author': {
    id: 'getDraft',
    says: 'One draft',
    more: 'With `Accept: application/yaml` the text itself.',
    tag: 'Publishing',
    parameters: ONE,
    answers: { 200: { says: 'The draft.', schema: 'answers/publishing/draft', headers: ['Vary'] } },
    problems: ['invalid_field', 'unknown_draft', 'rules_unreachable'],
  },
  'PUT /v1/rule-sets/:id/drafts/:author': {
    id: 'putDraft',
    says: 'Save a draft, whatever text it is',
    tag: 'Publishing',
    parameters: {
      ...ONE,
      base: {
        description: 'The version that it was made from; as it was saved first where absent.',
        schema: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
      },
    },
    body: { says: 'The text.' },
    answers: {
      200: { says: 'It is saved.', schema: 'answers/publishing/draft' },
      201: { says: 'It is saved for the first time.', schema: 'answers/publishing/draft' },
    },
    problems: ['malformed_body', 'invalid_field', 'unknown_version', 'rules_unreachable'],
  },
  'DELETE /v1/rule-sets/:id/drafts/:author': {
    id: 'deleteDraft',
    says: 'Throw a draft away',
    tag: 'Publishing',
    parameters: ONE,
    answers: { 204: { says: 'It is gone.' } },
    problems: ['invalid_field', 'unknown_draft', 'rules_unreachable'],
  },
  'POST /v1/rule-sets/:id/drafts/:author/publish': {
    id: 'publishDraft',
    says: 'Publish a draft',
    more: 'The draft is gone then. One that was made from an older version than the newest is refused with what both have changed.',
    tag: 'Publishing',
    parameters: { ...ONE, ...PUBLISHING },
    headers: { 'If-Match': NEWEST, 'X-Perkbook-Author': AUTHOR },
    answers: { 200: WOULD_BE, 201: PUBLISHED },
    problems: [...REFUSED, 'unknown_draft', 'outdated_draft'],
  },
};
