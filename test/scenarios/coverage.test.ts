import { expect } from 'chai';
import { loadRules } from '../../src/rules/load/load-rules.ts';
import type { RuleBook } from '../../src/rules/rule-set.ts';
import { type Coverage, coverageOf, coverageText, Hits, percentOf } from '../../src/scenarios/coverage.ts';
import { CoreDoor } from '../../src/scenarios/doors/core.ts';
import { compileText, loadScenarios } from '../../src/scenarios/load.ts';
import { replayCases } from '../../src/scenarios/replay.ts';
import type { Case } from '../../src/scenarios/scenario.ts';

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
        `coverage of documents v1: 0 % (0 of ${coverage.total}), needs 100 %`,
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
  });
});
