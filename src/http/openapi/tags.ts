/** The chapters of the description, in the order in which the page shows them. */
export const TAGS = {
  Decisions: 'May this user do this? A denial is an answer, status 200.',
  Consuming: 'Using something up: decided and recorded in one atomic step.',
  'What a member has': 'Every perk of a member with its numbers, and what the end of the membership would leave.',
  AuthZEN: 'The same questions and searches by the OpenID AuthZEN Authorization API 1.0.',
  Flags: 'Perks as feature flags: the OpenFeature Remote Evaluation Protocol 0.3.',
  Members: 'The facts about users: terms, holdings, usage, extras, attributes.',
  'Rule sets': 'The rules in force, their versions, and what changes from one to the next.',
  Publishing: 'New versions, drafts, and going back.',
  'Before publishing': 'What a candidate would do: to the members in the store, and to live questions.',
  Keys: 'Who may ask: API keys, made and revoked by who has the scope `admin`.',
  Operation: 'Health, the test clock, and this description.',
} as const;

export type Tag = keyof typeof TAGS;
