import { CONDITION_CASES } from './condition-cases.ts';
import { testCases } from './marked.ts';
import { NAME_CASES } from './name-cases.ts';
import { TIER_CASES } from './tier-cases.ts';

describe('the lint of a rule file', () => {
  describe('tiers and numbers', () => testCases(TIER_CASES));
  describe('names and inputs', () => testCases(NAME_CASES));
  describe('conditions', () => testCases(CONDITION_CASES));
});
