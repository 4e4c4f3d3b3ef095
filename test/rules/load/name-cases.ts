import { type Case, given } from './marked.ts';

/** Perks, actions, rules, statements and inputs. */
export const NAME_CASES: Readonly<Record<string, Case>> = {
  'two perks that hold the same': {
    edits: [
      [
        '  bonus:\n',
        '  more:\n    title: More\n    kind: slots\n    holds: ‹models\n    tiers: {free: 0, plus: 1, pro: 2}\n    afterEnd: frozen\n    actions: {model.add: add}\n  bonus:\n',
      ],
    ],
    finds: ['shared_holding'],
    says: /held by `models` already/,
  },
  'a misspelt action of a perk': {
    edits: [['{train: add}', '{‹trian: add}']],
    finds: ['unknown_action'],
    suggests: 'train',
  },
  'a rule of no action': given(
    ['rules:\n', 'rules:\n  ‹plan.stop:\n    checks: [{deny: never, says: No.}]\n'],
    'unknown_action',
  ),
  'an action that nobody decides': given(
    ['  help.read: {title: Read, open: true}', '  ‹help.read: {title: Read}'],
    'undecided_action',
    /no perk and no rule decides `help.read`/,
  ),
  'a perk without an action': {
    edits: [
      ['    actions: {train: add}', '    ‹actions: {}'],
      ['  train: {title: Train}', '  train: {title: Train, open: true}'],
    ],
    finds: ['perk_without_action'],
  },
  'a rule that says nothing': given(['rules:\n', 'rules:\n  ‹train: {}\n'], 'empty_rule'),
  'a check behind one that always denies': given(
    [
      '{unless: is_member, deny: not_member, says: There is no plan.}\n      - ',
      '{deny: not_member, says: There is no plan.}\n      - ‹',
    ],
    'unreachable',
  ),
  'a case behind one that always holds': given(
    ['- {when: is_web, value: site}\n        - ', '- {value: site}\n        - ‹'],
    'unreachable',
  ),
  'a code that perks give': given(['deny: web_plan', 'deny: ‹quota_used_up'], 'reserved_code'),
  'an echo called like what is there': given(['echoes: {trial:', 'echoes: {‹included:'], 'reserved_code'),
  'an answer called like a perk': given(['      where:\n', '      ‹badge:\n'], 'answer_like_perk'),
  'an unknown statement': given(['source: [S2]', 'source: [S2, ‹S3]'], 'unknown_statement'),
  'a statement that nothing fulfils': given(['  S2: Second', '  S2: Second\n  ‹S3: Third'], 'statement_without_source'),
  'a statement that nothing fulfils, accepted': {
    edits: [['statements:\n', 'accepts: [statement_without_source]\nstatements:\n  S0: Nothing\n']],
    finds: [],
  },
  'an input without a type': given(['pack: {type: number}', '‹pack: {}'], 'input_without_type'),
  'an attribute without a type': given(['age: {type: number}', '‹age: {}'], 'input_without_type'),
  'values of two kinds': given(['enum: [admin, editor]', 'enum: ‹[admin, editor, 3]'], 'mixed_enum'),
  'values of another type': given(
    ['role: {enum: [admin, editor]}', 'role: {type: number, enum: [‹admin]}'],
    'mixed_enum',
  ),
  'a least above the most': given(
    ['{type: integer, minimum: 0}', '{type: integer, minimum: 5, maximum: ‹3}'],
    'wrong_bounds',
  ),
  'a least text': given(['maxLength: 20, default: pro', '‹minimum: 20, default: pro'], 'wrong_bounds'),
  'a length of a number': given(['{type: integer, minimum: 0}', '{type: integer, ‹maxLength: 5}'], 'wrong_bounds'),
  'a default of another type': given(['default: pro', 'default: ‹5'], 'wrong_default'),
  'a default that is none of the values': given(
    ['{enum: [gif, png]}', '{enum: [gif, png], default: ‹pgn}'],
    'wrong_default',
    undefined,
    'png',
  ),
  'a default outside of the bounds': given(
    ['{type: integer, minimum: 0}', '{type: integer, minimum: 1, default: ‹0}'],
    'wrong_default',
  ),
  'a default that is too long': given(['maxLength: 20, default: pro', 'maxLength: 2, default: ‹pro'], 'wrong_default'),
  'a limit of an unknown input': given(
    ['of: input.many', 'of: ‹input.mnay'],
    'unknown_input',
    /`batch.run` has no input `mnay`/,
    'many',
  ),
  'a part of an input': given(['of: input.many', 'of: ‹input.many.more'], 'unknown_input', /has no parts/),
  'a limit of a text': {
    edits: [
      ['of: input.many', 'of: ‹input.many'],
      ['many: {type: integer, minimum: 0}', 'many: {type: string}'],
    ],
    finds: ['input_not_a_number'],
  },
  'an echo without a resource': {
    edits: [
      ['trial: resource', 'trial: ‹resource'],
      ['badge.show: {title: Show, resource: thing}', 'badge.show: {title: Show}'],
    ],
    finds: ['missing_resource'],
  },
  'an echo of nothing': given(['resource.properties.trial', '‹resource.trial'], 'unknown_path'),
  'an echo of an unknown attribute': {
    edits: [['trial: resource.properties.trial', 'trial: ‹resource.attributes.onwer']],
    finds: ['unknown_path'],
    suggests: 'owner',
  },
  'a row that is a text': given(['10: {free', '‹ten: {free'], 'row_type', /is a number: it would never be found/),
  'a row that is never asked for': {
    edits: [
      ['10: {free', '‹10: {free'],
      ['pack: {type: number}', 'pack: {enum: [5, 20]}'],
    ],
    finds: ['impossible_value'],
  },
  'an unknown attribute in the catalogue': given(
    ['{owner: anna}', '{‹ownr: anna}'],
    'unknown_property',
    undefined,
    'owner',
  ),
  'an attribute of another type in the catalogue': given(
    ['{owner: anna}', '{owner: ‹5}'],
    'wrong_value',
    /not of the type/,
  ),
  'an unknown placeholder': given(
    ['You have {amount}.', 'You have ‹{amuont}.'],
    'unknown_placeholder',
    /`\{amuont\}`/,
    '{amount}',
  ),
  'a placeholder of another kind': given(['You have {amount}.', 'You have ‹{remaining}.'], 'unknown_placeholder'),
  'a placeholder that a check does not have': given(['until {endsAt}', 'until ‹{resetsAt}'], 'unknown_placeholder'),
  'a brace that is no placeholder': given(
    ['You have {amount}.', 'You have ‹{amount.'],
    'unknown_placeholder',
    /no part of a placeholder/,
  ),
  'two braces in a text': given(['You have {amount}.', 'You have ‹{{amount}}.'], 'braces', /write one, `\{amount\}`/),
  'the one word that cannot be an id': given(
    ['  trainings:\n', '  ‹constructor:\n'],
    'wrong_id',
    /keep for themselves: choose another name/,
  ),
  'a reason that a kind never gives': given(['      already_claimed:', '      ‹quota_used_up:'], 'impossible_reason'),
  'a misspelt reason': given(
    ['      already_claimed:', '      ‹already_claimd:'],
    'impossible_reason',
    undefined,
    'already_claimed',
  ),
};
