import { type Case, given } from './marked.ts';

const MEMBER = '{fact: member, path: $.membership, operator: equal, value: active}';
const OWNER = 'fact: user, path: $.attributes.tags, operator: contains, value: {fact: subject, path: $.id}';
const IS_USER = '{fact: subject, path: $.type, operator: equal, value: user}';
const ADMIN = '{fact: user, path: $.attributes.role, operator: equal, value: admin}';
const GIF = '{fact: input, path: $.format, operator: equal, value: gif}';

function member(comparison: string): readonly [string, string] {
  return [MEMBER, `{fact: ${comparison}}`];
}

/** Conditions. */
export const CONDITION_CASES: Readonly<Record<string, Case>> = {
  'an unknown condition of a perk': {
    edits: [['when: asks_gif', 'when: ‹ask_gif']],
    finds: ['unknown_condition'],
    suggests: 'asks_gif',
  },
  'an unknown condition of a check': given(
    ['when: [is_web, is_admin]', 'when: [is_web, is_admin, ‹is_wbe]'],
    'unknown_condition',
    undefined,
    'is_web',
  ),
  'an unknown condition in a condition': given(
    ['{condition: is_member}', '{condition: ‹is_membre}'],
    'unknown_condition',
    undefined,
    'is_member',
  ),
  'a condition that nothing uses': given(
    ['conditions:\n', `conditions:\n  ‹lonely: {all: [${MEMBER}]}\n`],
    'unused_condition',
  ),
  'a condition that nothing uses, accepted': {
    edits: [
      ['title: Demo', 'title: Demo\naccepts: [unused_condition]'],
      ['conditions:\n', `conditions:\n  lonely: {all: [${MEMBER}]}\n`],
    ],
    finds: [],
  },
  'who asks, told by the id alone': given(
    [ADMIN, `‹{${OWNER}}`],
    'id_without_type',
    /`\{fact: subject, path: \$\.type/,
  ),
  'who asks, told by the id of the member': given(
    [ADMIN, '‹{fact: member, path: $.id, operator: equal, value: anna}'],
    'id_without_type',
  ),
  'who asks, told by the id where the type is only another way': {
    edits: [[`{any: [${ADMIN}`, `{any: [${IS_USER}, ‹{${OWNER}}`]],
    finds: ['id_without_type'],
  },
  'who asks, told by the id behind a name': {
    edits: [
      [ADMIN, '{condition: is_owner}'],
      ['conditions:\n', `conditions:\n  is_owner: {all: [‹{${OWNER}}]}\n`],
    ],
    finds: ['id_without_type'],
  },
  'who asks, told by the id alone, accepted': {
    edits: [
      ['title: Demo', 'title: Demo\naccepts: [id_without_type]'],
      [ADMIN, `{${OWNER}}`],
    ],
    finds: [],
  },
  'who asks, told by the id, with the type beside it': {
    edits: [[ADMIN, `{all: [{any: [{${OWNER}}]}, {not: ${IS_USER}}]}`]],
    finds: [],
  },
  'who asks, told by the id, with the type in the same list': {
    edits: [
      [ADMIN, `{${OWNER}}`],
      [
        'conditions:\n',
        `conditions:\n  is_user: {any: [${IS_USER}, {condition: is_user_too}]}\n  is_user_too: ${IS_USER}\n`,
      ],
      ['when: [is_web, is_admin]', 'when: [is_web, is_admin, is_user]'],
    ],
    finds: [],
  },
  'who asks, told by the id, with the type in a check before': {
    edits: [
      [ADMIN, `{${OWNER}}`],
      ['{fact: member, path: $.membership, operator: equal, value: active}', IS_USER],
    ],
    finds: [],
  },
  'who asks, told by the id for a perk, with the type in a rule of the action': {
    edits: [
      [`{all: [${GIF}]}`, `{${OWNER}}`],
      ['rules:\n', 'rules:\n  badge.change: {checks: [{unless: is_user, deny: no_user, says: No.}]}\n'],
      ['conditions:\n', `conditions:\n  is_user: ${IS_USER}\n`],
    ],
    finds: [],
  },
  'who asks, told by the id, in conditions that grow without end': {
    edits: [
      [
        'conditions:\n',
        `conditions:\n  ‹c0: {any: [{condition: c1}, {condition: c1}]}\n${Array.from({ length: 59 }, (_, index) => `  c${index + 1}: {any: [{condition: c${index + 2}}, {condition: c${index + 2}}]}\n`).join('')}  c60: {any: [${IS_USER}, {${OWNER}}]}\n`,
      ],
      ['when: is_web, value: site', 'when: [is_web, c0], value: site'],
    ],
    finds: ['condition_too_large'],
  },
  'a condition that needs itself': given(
    [`{all: [${MEMBER}]}`, '{not: {condition: ‹is_member}}'],
    'cyclic_condition',
    /`is_member` needs itself/,
  ),
  'a circle of conditions': {
    edits: [
      [`{all: [${MEMBER}]}`, '{all: [{condition: is_admin}]}'],
      ['{not: {condition: is_member}}', '{not: {condition: ‹is_member}}'],
    ],
    finds: ['cyclic_condition'],
    says: /`is_admin`.*`is_member`/,
  },
  'a condition that grows by its references': {
    edits: [
      [
        'conditions:\n',
        `conditions:\n  ‹c0: {any: [{condition: c1}, {condition: c1}]}\n${Array.from({ length: 9 }, (_, index) => `  c${index + 1}: {any: [{condition: c${index + 2}}, {condition: c${index + 2}}]}\n`).join('')}  c10: {all: [${MEMBER}]}\n`,
      ],
      ['when: is_web, value: site', 'when: [is_web, c0], value: site'],
    ],
    finds: ['condition_too_large'],
  },
  'a misspelt path': given(
    ['path: $.channel', 'path: ‹$.chanel'],
    'unknown_path',
    /`term` has nothing at `\$.chanel`/,
    '$.channel',
  ),
  'a path below a value': given(['path: $.channel', 'path: ‹$.channel.name'], 'unknown_path'),
  'an attribute that is not declared': given(
    ['path: $.attributes.role', 'path: ‹$.attributes.rol'],
    'unknown_path',
    /users have no attribute `rol`/,
    '$.attributes.role',
  ),
  'an input that no action has': given(
    [GIF, GIF.replace('$.format', '‹$.formt')],
    'unknown_path',
    /no action has an input `formt`/,
    '$.format',
  ),
  'an unknown path to compare with': given(
    member('member, path: $.endedAt, operator: lessThan, value: {fact: term, path: ‹$.endAt}'),
    'unknown_path',
    undefined,
    '$.endsAt',
  ),
  'an input that this action does not have': given(
    ['{when: [is_web, is_admin]', '{when: [is_web, is_admin, ‹asks_gif]'],
    'unknown_input',
    /`asks_gif` reads the input `format`, and `plan.change` has none/,
  ),
  'a resource that this action does not have': {
    edits: [
      member('resource, path: $.attributes.owner, operator: equal, value: anna'),
      ['unless: is_member', 'unless: ‹is_member'],
      ['[is_web, is_admin]', '[is_web, ‹is_admin]'],
    ],
    finds: ['missing_resource', 'missing_resource'],
  },
  'in without a list': given(['value: [web]', 'value: ‹web'], 'wrong_operand', /needs a list/),
  'in a list that comes with the question': given(
    ['value: [web]', 'value: ‹{fact: context, path: $.channels}'],
    'wrong_operand',
    /needs a list/,
  ),
  'in an empty list': given(['value: [web]', 'value: ‹[]'], 'wrong_operand', /empty/),
  'equal to a list': given(['value: active', 'value: ‹[active]'], 'wrong_operand', /`in` looks in a list/),
  'each of a list, in a list': given(
    ['operator: in, value: [web]', "operator: ‹'someValue:in', value: [web]"],
    'wrong_operand',
    /goes through a list itself/,
  ),
  'swapped in': given(['operator: in, value: [web]', "operator: ‹'swap:in', value: [web]"], 'wrong_operand'),
  'swapped each of a list': given(
    ['operator: in, value: [web]', "operator: ‹'swap:someValue:equal', value: [web]"],
    'wrong_operand',
    /exclude each other/,
  ),
  'each of no list': given(
    ['operator: equal, value: active', "operator: 'someValue:equal', value: ‹active"],
    'wrong_operand',
    /needs a list/,
  ),
  'contains in a single value': given(
    ['path: $.channel, operator: in, value: [web]', 'path: ‹$.channel, operator: contains, value: web'],
    'wrong_operand',
    /single value/,
  ),
  'each of a single value': given(
    ['path: $.channel, operator: in, value: [web]', "path: ‹$.channel, operator: 'someFact:equal', value: web"],
    'wrong_operand',
    /single value/,
  ),
  'a list equal to a value': given(
    member('user, path: $.attributes.tags, operator: ‹equal, value: vip'),
    'wrong_operand',
    /use `contains`/,
  ),
  'less than a text': given(
    member('user, path: $.attributes.age, operator: lessThan, value: ‹"18"'),
    'wrong_operand',
    /without quotes/,
  ),
  'before a date': given(
    member('term, path: $.endsAt, operator: lessThan, value: ‹"2026-01-01T00:00:00Z"'),
    'wrong_operand',
    /write `1767225600000`/,
  ),
  'at a date': given(
    member('term, path: $.endsAt, operator: equal, value: ‹"2026-01-01T00:00:00Z"'),
    'wrong_operand',
    /write `1767225600000`/,
  ),
  'a text less than a number': given(
    member('term, path: ‹$.channel, operator: lessThan, value: 3'),
    'wrong_operand',
    /compares numbers/,
  ),
  'a membership that is none': given(['value: active', 'value: ‹actve'], 'impossible_value', undefined, 'active'),
  'a channel that is none': given(['value: [web]', 'value: [‹wep]'], 'impossible_value', undefined, 'web'),
  'an attribute value that is none': given(['value: admin', 'value: ‹root'], 'impossible_value', /`admin` or `editor`/),
  'an input value that is none': given(['value: gif}', 'value: ‹gfi}'], 'impossible_value', undefined, 'gif'),
  'a value of another type': given(
    member('term, path: $.autoRenew, operator: equal, value: ‹"true"'),
    'impossible_value',
    /`true` or `false`/,
  ),
  'a tier that is none': given(
    member('member, path: $.tier, operator: equal, value: ‹puls'),
    'unknown_tier',
    undefined,
    'plus',
  ),
};
