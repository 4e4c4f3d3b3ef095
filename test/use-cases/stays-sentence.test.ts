import { expect } from 'chai';
import { AFTER_END, type AfterEnd, type KindValues } from '../../src/domain/perk.ts';
import type { Card } from '../../src/rules/rule-set.ts';
import type { PerkView } from '../../src/use-cases/perks/perks-view.ts';
import { staysSentence } from '../../src/use-cases/perks/stays-sentence.ts';
import { membership } from '../support/rule-sets.ts';

function view(perk: string, values: KindValues, rows: PerkView['rows'] = null): PerkView {
  return { card: card(perk), values, rows, lacks: null, until: null };
}

function card(perk: string): Card {
  const found = membership.versions[0]?.cards.get(perk);
  if (found === undefined) throw new Error(`no perk ${perk}`);
  return found;
}

const included = (yes: boolean) => view('turbo_mode', { kind: 'switch', included: yes });
const limit = (of: number | null) => view('loras_per_generation', { kind: 'limit', asked: null, limit: of });
const size = (of: number | null) =>
  view('image_size', { kind: 'limit', asked: null, limit: { width: of, height: of } });
const quota = (of: number | null, used = 0) =>
  view('free_lora_training', {
    kind: 'quota',
    limit: of,
    used,
    remaining: of === null ? null : Math.max(0, of - used),
    overage: 0,
    resetsAt: null,
  });
const slots = (of: number | null, used: number) =>
  view('private_models', {
    kind: 'slots',
    limit: of,
    used,
    remaining: of === null ? null : Math.max(0, of - used),
    overage: 0,
  });
const grant = (amount: number) => view('daily_credits', { kind: 'grant', amount, claimed: false, resetsAt: null });
const table = (five: number) => view('topup_bonus', { kind: 'table', key: '', amount: null }, { 5: five, 10: 7 });

describe('what stays, in a sentence', () => {
  const cases: readonly (readonly [word: AfterEnd, now: PerkView, after: PerkView, sentence: string])[] = [
    ['keeps', included(true), included(true), 'it stays'],
    ['keeps', limit(5), limit(5), 'the limit stays 5'],
    ['keeps', quota(5, 2), quota(5, 2), '5 a month stay'],
    ['keeps', slots(15, 12), slots(15, 12), '12 private models stay, 3 more can be added'],
    ['keeps', slots(null, 1), slots(null, 1), '1 private model stays, as many new ones as wanted'],
    ['keeps', grant(12_000), grant(12_000), '12,000 a day stay'],
    ['keeps', table(1), table(1), 'the amounts stay'],
    ['frozen', included(true), included(false), 'what is there stays, nothing new'],
    ['frozen', limit(5), limit(0), 'what is there stays, nothing new'],
    ['frozen', quota(5, 2), quota(0, 2), "what was made of it stays; 3 of this month's 5 are lost"],
    ['frozen', slots(15, 12), slots(0, 12), '12 private models stay, no new one'],
    ['frozen', slots(15, 1), slots(0, 1), '1 private model stays, no new one'],
    ['frozen', slots(0, 12), slots(0, 12), '12 private models stay, no new one'],
    ['frozen', grant(1), grant(0), 'what was claimed stays, nothing new'],
    ['frozen', table(1), table(0), 'what was given stays, nothing new'],
    ['freeLevel', included(true), included(false), 'it ends'],
    ['freeLevel', limit(5), limit(3), '3 instead of 5'],
    ['freeLevel', size(null), size(1280), '1,280 × 1,280 instead of unlimited'],
    ['freeLevel', quota(5, 2), quota(1, 2), '1 a month instead of 5'],
    ['freeLevel', slots(15, 12), slots(3, 12), '3 slots instead of 15; 12 private models stay, no new one'],
    ['freeLevel', grant(20_000), grant(10_000), '10,000 a day instead of 20,000'],
    ['freeLevel', table(50), table(1), '5: 1 instead of 50'],
    ['freeLevel', limit(3), limit(3), 'nothing changes'],
    ['loses', included(true), included(false), 'it ends'],
    ['loses', limit(5), limit(0), 'none instead of 5'],
    ['loses', quota(5, 2), quota(0, 2), "3 of this month's 5 are lost"],
    ['loses', quota(5, 4), quota(0, 4), "1 of this month's 5 is lost"],
    ['loses', quota(5, 5), quota(0, 5), "this month's 5 are used, none afterwards"],
    ['loses', quota(5, 0), quota(0, 0), '5 a month until then, none afterwards'],
    ['loses', quota(null, 5), quota(0, 5), 'unlimited until then, none afterwards'],
    ['loses', quota(7, 2), quota(2, 2), '2 a month instead of 7'],
    ['loses', slots(15, 12), slots(0, 12), '12 private models can still be used and deleted, no new one'],
    ['loses', grant(300_000), grant(0), '300,000 a day until then, none afterwards'],
    ['loses', table(1), table(0), 'it ends'],
    ['loses', limit(0), limit(0), 'nothing changes'],
    ['loses', included(false), included(false), 'nothing changes'],
  ];
  for (const [word, now, after, sentence] of cases) {
    it(`${word}, ${now.values.kind}: ${sentence}`, () => {
      expect(staysSentence(word, now, after)).to.equal(sentence);
    });
  }

  it('there is one for every word and kind', () => {
    const told = new Set(cases.map(([word, now]) => `${word} ${now.values.kind}`));
    expect(told.size).to.equal(AFTER_END.length * 6);
  });
});
