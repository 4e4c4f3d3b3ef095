import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { checkRuleFile } from '../../src/rules/load/check-rule-file.ts';
import { loadRules, ruleBookOf } from '../../src/rules/load/folder/load-rules.ts';
import type { RuleBook } from '../../src/rules/rule-set.ts';
import { ruleSetOf } from '../../src/rules/rule-set-of.ts';
import { compileText, loadScenarios } from '../../src/scenarios/compile/load.ts';
import type { Case } from '../../src/scenarios/compile/scenario.ts';
import { type Coverage, coverageOf, coverageText, Hits, percentOf } from '../../src/scenarios/coverage/coverage.ts';
import { CoreDoor } from '../../src/scenarios/doors/core.ts';
import { replayCases } from '../../src/scenarios/replay/replay.ts';

async function bookOf(folder: string): Promise<RuleBook> {
  const { book } = await loadRules(folder);
  if (book === undefined) throw new Error(`the rules in ${folder} have errors`);
  return book;
}

async function measure(cases: readonly Case[], book: RuleBook, id: string): Promise<Coverage> {
  const ruleSet = book.ruleSets.get(id);
  if (ruleSet === undefined) throw new Error(`no rule set ${id}`);
  const hits = new Hits();
  const results = await replayCases(cases, new CoreDoor(book, hits.onJudged));
  return coverageOf(ruleSet, hits, results);
}

describe('coverage of the rules by scenarios', () => {
  for (const [id, rules, fixtures] of [
    ['pixai-membership', 'rules', 'fixtures'],
    ['documents', 'rules', 'fixtures'],
    ['club', 'test/scenarios/settings/rules', 'test/scenarios/settings/scenarios'],
  ] as const) {
    it(`is 100 % for ${id}`, async () => {
      const book = await bookOf(rules);
      const coverage = await measure(loadScenarios([fixtures], book).cases, book, id);
      expect(coverage.gaps, coverageText(coverage)).to.deep.equal([]);
      expect(coverage.total).to.be.greaterThan(10);
    });
  }

  describe('names each gap', () => {
    let book: RuleBook;
    before(async () => {
      book = await bookOf('rules');
    });

    it('of a rule set that nobody asks about', async () => {
      const coverage = await measure([], book, 'documents');
      expect(coverage.reached).to.equal(0);
      expect(percentOf(coverage)).to.equal(0);
      expect(coverageText(coverage).split('\n')[0]).to.equal(
        `coverage of documents v2: 0 % (0 of ${coverage.total}), needs 100 %`,
      );
      expect(coverage.gaps).to.include.members([
        'statement D1 is proved by no scenario: Everybody may read what is public',
        'action document.edit: never asked',
        'action document.edit: never answered not_owner',
        'condition is_admin: held in no scenario',
        'condition is_admin: never failed to hold',
      ]);
    });

    it('that a missing scenario leaves', async () => {
      const all = loadScenarios(['fixtures'], book).cases;
      const coverage = await measure(
        all.filter((each) => each.name !== 'Where to cancel, and whether that is needed'),
        book,
        'pixai-membership',
      );
      expect(coverage.gaps).to.deep.equal(['action subscription.cancel: case 1 of answer cancellation is never given']);
    });

    it('where a code is asked for by one tier only', async () => {
      const text = `
ruleSet: pixai-membership
scenarios:
  - name: four trainings on Starter
    proves: [R6]
    members: {anna: starter from 2026-11-01 until 2026-12-01}
    timeline: [{at: 2026-11-05, ask: lora.train_free, amount: 4, expect: quota_used_up}]
`;
      const { cases, findings } = compileText(text, 'few.yaml', book);
      expect(findings).to.deep.equal([]);
      const { gaps } = await measure(cases, book, 'pixai-membership');
      expect(gaps).to.include('perk free_lora_training, tier hobbyist: never quota_used_up');
      expect(gaps).to.include('perk free_lora_training, tier starter: never allow');
      expect(gaps).to.include('perk free_lora_training, tier free: never membership_ended');
      expect(gaps).to.not.include('perk free_lora_training, tier starter: never quota_used_up');
      expect(gaps).to.not.include('perk free_lora_training, tier free: never quota_used_up');
      expect(gaps.some((gap) => gap.startsWith('statement R6 '))).to.equal(false);
    });

    it('where only a scenario that fails proves a statement', async () => {
      const text = `
ruleSet: pixai-membership
scenarios:
  - name: wrong
    proves: [R4]
    members: {nobody: stranger}
    timeline: [{at: 2026-11-05, ask: generation.turbo, expect: allow}]
`;
      const { gaps } = await measure(compileText(text, 'wrong.yaml', book).cases, book, 'pixai-membership');
      expect(gaps.some((gap) => gap.startsWith('statement R4 '))).to.equal(true);
    });

    it('where a statement is proved only by a table, or by a scenario that asks about something else', async () => {
      const text = `
ruleSet: pixai-membership
scenarios:
  - name: turbo, said to prove LoRAs
    proves: [R4, R7]
    members: {nobody: stranger}
    timeline: [{at: 2026-11-05, ask: generation.turbo, expect: not_in_plan}]
tables:
  - name: no story
    at: 2026-11-05
    members: {nobody: stranger}
    rows: [{ask: banner.show, proves: [R10], expect: {nobody: not_in_plan}}]
`;
      const { gaps } = await measure(compileText(text, 'few.yaml', book).cases, book, 'pixai-membership');
      const about = (id: string) => gaps.filter((gap) => gap.startsWith(`statement ${id} `));
      expect(about('R4')).to.deep.equal([]);
      expect(about('R7')[0]).to.match(/^statement R7 is proved by no scenario that asks generation\.create: LoRAs/);
      expect(about('R10')[0]).to.match(/^statement R10 is proved by tables only, and by no story: /);
    });

    it('where a row of a table is never asked for by a tier', async () => {
      const text = `
ruleSet: pixai-membership
scenarios:
  - name: a pack of 5
    members: {anna: starter from 2026-11-01 until 2026-12-01}
    timeline: [{at: 2026-11-05, ask: credits.topup.bonus, input: {packUsd: 5}, expect: allow}]
`;
      const { gaps } = await measure(compileText(text, 'few.yaml', book).cases, book, 'pixai-membership');
      expect(gaps).to.include('perk topup_bonus, tier starter: never asked for row 10');
      expect(gaps).to.include('perk topup_bonus, tier pro: never asked for row 5');
      expect(gaps).to.not.include('perk topup_bonus, tier starter: never asked for row 5');
    });
  });

  it('names each branch of a condition that never decided', async () => {
    const { version } = checkRuleFile(
      `format: perkbook/1
ruleSet: gate
version: 1
title: Gate
effective: {from: 2026-01-01T00:00:00Z}
actions: {door.open: {title: Open, input: {n: {type: integer}}}}
rules:
  door.open: {checks: [{when: closed, deny: shut, says: No.}]}
conditions:
  closed: {any: [{fact: input, path: $.n, operator: lessThan, value: 3}, {fact: input, path: $.n, operator: equal, value: 77}]}
`,
      { file: 'v1.yaml' },
    );
    if (version === undefined) throw new Error('the rules have errors');
    const gate = ruleBookOf([ruleSetOf('gate', [version])]);
    const text = `
ruleSet: gate
scenarios:
  - name: small numbers are refused
    members: {nobody: stranger}
    timeline:
      - {at: 2026-11-05, ask: door.open, input: {n: 2}, expect: shut}
      - {ask: door.open, input: {n: 3}, expect: allow}
`;
    const { cases, findings } = compileText(text, 'gate.yaml', gate);
    expect(findings).to.deep.equal([]);
    const { gaps } = await measure(cases, gate, 'gate');
    expect(gaps).to.deep.equal(['condition closed, `input.n equal 77`: held in no scenario']);
  });

  describe('of the newest of several versions', () => {
    const v1 = (change: (text: string) => string) => change(readFileSync('rules/pixai-membership/v1.yaml', 'utf8'));
    const v2 = (text: string) =>
      text.replace('version: 1', 'version: 2').replace('from: 2026-01-01', 'from: 2028-01-01');

    async function coverageWith(change: (text: string) => string): Promise<Coverage> {
      const versions = [v1((text) => text), v1((text) => change(v2(text)))].map(
        (text) => checkRuleFile(text, { file: 'v.yaml' }).version,
      );
      const twice = ruleBookOf([
        ruleSetOf(
          'pixai-membership',
          versions.filter((each) => each !== undefined),
        ),
      ]);
      return measure(loadScenarios(['fixtures/pixai-membership'], twice).cases, twice, 'pixai-membership');
    }

    it('counts what scenarios about the past have reached, where it still says the same', async () => {
      const { version, gaps } = await coverageWith((text) => text.replace('Turbo mode comes with', 'Turbo is for'));
      expect({ version, gaps }).to.deep.equal({ version: 2, gaps: [] });
    });

    it('does not count it for a card, a rule or a condition that has changed', async () => {
      const { gaps } = await coverageWith((text) =>
        text.replace('starter: 3, hobbyist: 5', 'starter: 4, hobbyist: 5').replace('value: web}', 'value: ios}'),
      );
      expect(gaps).to.include('perk free_lora_training, tier pro: never quota_used_up');
      expect(gaps).to.include('condition bought_on_web: held in no scenario');
      expect(gaps).to.include('action subscription.change_tier: never answered web_tier_change');
      expect(
        gaps.filter((gap) => !/free_lora_training|bought_on_web|subscription.change_tier/.test(gap)),
      ).to.deep.equal([]);
    });
  });
});
