// What `import … from 'perkbook/client'` gives. Runs in Node and in browsers, and needs no package.

export type { CancellationPreview, Consumption, Decision, Fallback, Perks } from './decision.ts';
export { type AskOptions, type CallOptions, Perkbook } from './perkbook.ts';
export { type FailureKind, PerkbookError } from './perkbook-error.ts';
export type { About, Attempt, Question, Release } from './question.ts';
export type { AnyRuleSet, RuleSetTypes } from './rule-set-types.ts';
export type { PerkbookOptions } from './settings.ts';
export type { Fetch } from './transport/fetch.ts';
