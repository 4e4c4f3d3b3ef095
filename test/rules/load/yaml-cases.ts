import { type Case, given } from './marked.ts';

/** Texts that YAML reads otherwise than people do, or not at all. */
export const YAML_CASES: Readonly<Record<string, Case>> = {
  'a number with a comma in a flow map': given(
    ['{free: 0, plus: 3, pro: 5}\n    afterEnd: loses', '{free: 0, plus: ‹3,000, pro: 5000}\n    afterEnd: loses'],
    'thousands_separator',
  ),
  'a number with two commas': given(
    ['plus: 10, pro: 20', 'plus: 10, pro: ‹2,000,000'],
    'thousands_separator',
    /`2,000,000` has commas in it: write `2000000`/,
  ),
  'a number with a comma alone in its line': given(
    ['tiers: {free: 1, plus: 2, pro: unlimited}', 'tiers:\n      free: 1\n      plus: ‹2,000\n      pro: unlimited'],
    'thousands_separator',
    /write `2000`/,
  ),
  'a number with an underscore': given(
    ['plus: 10, pro: 20', 'plus: 10, pro: ‹300_000'],
    'thousands_separator',
    /`300_000` is a text, not a number: write `300000`/,
  ),
  'a number with dots': given(
    ['plus: 10, pro: 20', 'plus: 10, pro: ‹300.000'],
    'thousands_separator',
    /`300.000` is read as 300: write `300000`/,
  ),
  'a number with several dots': given(
    ['plus: 10, pro: 20', 'plus: 10, pro: ‹3.000.000'],
    'thousands_separator',
    /write `3000000`/,
  ),
  'a number with spaces': given(
    ['plus: 10, pro: 20', 'plus: 10, pro: ‹300 000'],
    'thousands_separator',
    /write `300000`/,
  ),
  'a number in quotes': given(['plus: 10, pro: 20', 'plus: 10, pro: ‹"20"'], 'wrong_type', /leave out the quotes/),
  'two braces': given(['already_claimed: You have {amount}.', 'already_claimed: ‹{{amount}}'], 'braces', /write one/),
  'a map as a key': given(['already_claimed: You have {amount}.', '? ‹{amount: 1}\n      : x'], 'braces'),
  'a text that begins with a placeholder': given(
    ['already_claimed: You have {amount}.', 'already_claimed: ‹{amount} it is.'],
    'text_needs_quotes',
    /`"\{amount\} …"`/,
  ),
  'a text with a colon': given(
    ['already_claimed: You have {amount}.', 'already_claimed: ‹Sorry: you have it'],
    'text_needs_quotes',
    /colon/,
  ),
  'a text with a comma in a flow map': given(
    ['says: There is no plan.', 'says: "No", ‹or never'],
    'text_needs_quotes',
    /`or never` stands alone/,
  ),
  'a missing space behind a colon': given(
    ['{title: Train}', '{title: Train, ‹open:true}'],
    'text_needs_quotes',
    /space missing/,
  ),
  'a text that begins with a reserved character': given(['title: Demo', 'title: ‹@demo'], 'text_needs_quotes', /`@`/),
  'a text with a quote in quotes': given(['title: Demo', "title: 'it'‹s'"], 'text_needs_quotes'),
  'a tab': given(['  S1: First', '‹\tS1: First'], 'tab', /spaces/),
  'a key twice': given(['  S2: Second', '  S2: Second\n  ‹S2: Again'], 'duplicate_key', /`S2` is there twice/),
  'a row twice, as a number': given(
    ['      10: {free', '      ‹5.0: {free: 0, plus: 1, pro: 1}\n      10: {free'],
    'duplicate_key',
  ),
  'a row twice, once in quotes': given(
    ['      10: {free', '      ‹"5": {free: 0, plus: 1, pro: 1}\n      10: {free'],
    'duplicate_key',
  ),
  'a number as an id': given(
    [
      '  help.read: {title: Read, open: true}',
      '  help.read: {title: Read, open: true}\n  ‹5: {title: Five, open: true}',
    ],
    'key_not_text',
    /`5` is a number/,
  ),
  'a number in disguise as an id': given(
    [
      '  help.read: {title: Read, open: true}',
      '  help.read: {title: Read, open: true}\n  ‹1e3: {title: Five, open: true}',
    ],
    'key_not_text',
    /`1e3` is a number/,
  ),
  'true as an id': given(
    [
      '  help.read: {title: Read, open: true}',
      '  help.read: {title: Read, open: true}\n  ‹true: {title: T, open: true}',
    ],
    'key_not_text',
    /`true` is no text/,
  ),
  'null as an id': given(
    [
      '  help.read: {title: Read, open: true}',
      '  help.read: {title: Read, open: true}\n  ‹null: {title: N, open: true}',
    ],
    'key_not_text',
    /`null` is no text/,
  ),
  'a number as the id of a resource': given(
    ['{one: {owner: anna}}', '{one: {owner: anna}, ‹17: {owner: ben}}'],
    'key_not_text',
  ),
  'a merge key': given(['    title: Badge', '    ‹<<: {title: Other}\n    title: Badge'], 'merge_key'),
  'a tag': given(['title: Demo', 'title: ‹!secret Demo'], 'custom_tag'),
  'a built-in tag': given(['title: Demo', 'title: ‹!!str 5'], 'custom_tag'),
  'a second document': given(
    ['  thing: {one: {owner: anna}}\n', '  thing: {one: {owner: anna}}\n‹---\nformat: perkbook/1\n'],
    'several_documents',
  ),
  'an alias of nothing': given(['title: Demo', 'title: ‹*nothing'], 'bad_alias'),
  'an alias inside of itself': given(['[is_web, is_admin]', '&own [is_web, ‹*own]'], 'bad_alias'),
  'a number larger than can be counted': given(
    ['plus: 10, pro: 20', 'plus: 10, pro: ‹99999999999999999999'],
    'number_too_large',
  ),
  infinity: given(['plus: 10, pro: 20', 'plus: 10, pro: ‹.inf'], 'number_too_large'),
  'a bracket that is not closed': given(
    ['source: [S1]\n    kind', 'source: [S1\n    ‹kind'],
    'yaml_syntax',
    /`\]` is missing/,
  ),
  'a missing comma': given(
    ['{free: 0, plus: 3, pro: 5}\n    afterEnd: loses', '{free: 0, plus: 3‹ pro: 5}\n    afterEnd: loses'],
    'yaml_syntax',
    /a comma is missing/,
  ),
  'a semicolon for a comma': given(
    ['{free: 0, plus: 3, pro: 5}\n    afterEnd: loses', '{free: 0‹; plus: 3, pro: 5}\n    afterEnd: loses'],
    'yaml_syntax',
    /write a comma/,
  ),
  'a colon without a space': given(
    ['    kind: quota', '    kind‹:quota'],
    'yaml_syntax',
    /a space is missing behind the `:` of `kind`/,
  ),
  'a missing colon': given(
    ['    title: Trainings', '    ‹title Trainings'],
    'yaml_syntax',
    /a `:` is missing behind `title`/,
  ),
  'a missing colon in a block of one': given(
    ['      already_claimed: You have', '      ‹already_claimed You have'],
    'wrong_type',
    /a `:` is missing behind `already_claimed`/,
  ),
  'a line that is indented too far': given(
    ['    per: month', '      ‹per: month'],
    'yaml_syntax',
    /indented further than the one above/,
  ),
  'a wide colon': given(['    kind: quota', '    kind‹： quota'], 'yaml_syntax', /write `:` and a space/),
  'an equals sign in a flow map': given(
    ['{free: 0, plus: 3, pro: 5}\n    afterEnd: loses', '{free: 0, ‹plus = 3, pro: 5}\n    afterEnd: loses'],
    'text_needs_quotes',
    /write `plus: 3`/,
  ),
  'a text that a comment cuts off': given(
    ['already_claimed: You have {amount}.', 'already_claimed: You have ‹#{amount} coins.'],
    'comment_in_text',
    /a comment begins here/,
  ),
  'a comment that is meant': { edits: [['title: Coins', 'title: My coins  # see above']], finds: [] },
  'numbers that nobody writes': {
    edits: [
      ['{free: 0, plus: 3, pro: 5}\n    afterEnd: loses', '{free: ‹0x0, plus: ‹3e0, pro: ‹010}\n    afterEnd: loses'],
    ],
    finds: ['odd_number', 'odd_number', 'odd_number'],
    says: /`0x0` is read as 0: write `0`/,
  },
  'a row with a comma': given(['      10: {free', '      ‹1,000: {free'], 'thousands_separator', /write `1000`/),
  'a row with a comma in a flow map': given(
    [
      'rows:\n      5: {free: 0, plus: 10, pro: 20}\n      10: {free: 0, plus: 20, pro: 40}',
      'rows: {5: {free: 0, plus: 10, pro: 20}, ‹1,000: {free: 0, plus: 20, pro: 40}}',
    ],
    'thousands_separator',
    /`1,000`/,
  ),
  'a map of which all is wrong as YAML': given(
    ['5: {free: 0, plus: 10, pro: 20}\n      10: {free: 0, plus: 20, pro: 40}', '‹<<: {free: 0}'],
    'merge_key',
  ),
  'a tab between words': given(['    per: month', '    per:‹\tmonth'], 'tab', /write a space/),
  'a tab in quotes': { edits: [['title: Coins', 'title: "My\tcoins"']], finds: [] },
  'a brace too many': given(['title: Train}', 'title: Train}‹}'], 'yaml_syntax', /too many/),
  'another version of YAML': given(['format: perkbook/1', '‹%YAML 1.1\n---\nformat: perkbook/1'], 'yaml_syntax'),
};
