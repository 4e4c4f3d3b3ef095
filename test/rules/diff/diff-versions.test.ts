import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { Change } from '../../../src/rules/diff/change.ts';
import { diffVersions } from '../../../src/rules/diff/diff-versions.ts';
import { checkRuleFile } from '../../../src/rules/load/check-rule-file.ts';
import { ruleSetOf } from '../../../src/rules/rule-set-of.ts';
import { meaningOf } from './meaning.ts';
import { FILES, mutated, mutations, textOf, versionOf } from './mutations.ts';

const V1 = textOf('pixai-membership');

function compiled(text: string) {
  const { version, findings } = checkRuleFile(text, { file: 'v1.yaml' });
  if (version === undefined) throw new Error(JSON.stringify(findings[0]));
  return version;
}

/** The changes that come of putting texts in the place of others, which must be there. */
function changes(...replacements: readonly (readonly [string, string])[]): readonly Change[] {
  let text = V1;
  for (const [from, to] of replacements) {
    expect(text, from).to.include(from);
    text = text.replace(from, to);
  }
  return diffVersions(compiled(V1), compiled(text));
}

const told = (...replacements: readonly (readonly [string, string])[]) =>
  changes(...replacements).map(({ verdict, sentence }) => `${verdict}: ${sentence}`);

describe('the difference of two versions', () => {
  for (const [id, file] of Object.entries(FILES)) {
    it(`is empty exactly when ${id} means the same`, function () {
      this.timeout(60_000);
      const before = versionOf(file);
      if (before === undefined) throw new Error('the rule file has errors');
      const seen = { same: 0, different: 0 };
      fc.assert(
        fc.property(mutations, (all) => {
          const other = mutated(file, all);
          const after = versionOf(other);
          fc.pre(after !== undefined);
          if (after === undefined) return;
          const same = isDeepStrictEqual(meaningOf(file), meaningOf(other));
          seen[same ? 'same' : 'different']++;
          const found = diffVersions(before, after);
          expect(found.length === 0, JSON.stringify(found)).to.equal(same);
          expect(diffVersions(after, before).length === 0).to.equal(same);
          for (const { sentence, from, to } of found) {
            expect(sentence)
              .to.match(/\S/)
              .and.not.match(/undefined|\[object|NaN/);
            expect(from, sentence).to.not.deep.equal(to);
          }
        }),
        { numRuns: 300, seed: 4 },
      );
      // Both sides of the law were tried.
      expect(seen.same).to.be.greaterThan(15);
      expect(seen.different).to.be.greaterThan(60);
    });
  }

  it('says a number with its unit once, and whether it is better', () => {
    expect(
      told([
        'starter: 3, hobbyist: 5, pro: 10}\n    afterEnd: loses',
        'starter: 4, hobbyist: 5, pro: unlimited}\n    afterEnd: loses',
      ]),
    ).to.deep.equal([
      'better: Free LoRA training, Starter: 3 → 4 a month',
      'better: Free LoRA training, Pro: 10 a month → unlimited',
    ]);
    expect(told(['pro: 2000000', 'pro: 0'], ['starter: 15', 'starter: 10'])).to.deep.equal(
      ['worse: Monthly credits, Pro: 2,000,000 a month → no', 'worse: Private model slots, Starter: 15 → 10'].map(
        (each) => each,
      ),
    );
    expect(told(['free: {width: 1280, height: 1280}', 'free: {width: 1280, height: 1536}'])).to.deep.equal([
      'better: Image size, height, Non-member: 1,280 → 1,536',
    ]);
    expect(told(['10: {free: 0, starter: 100000', '10: {free: 0, starter: 90000'])).to.deep.equal([
      'worse: Extra credits with a top-up, 10, Starter: 100,000 → 90,000',
    ]);
  });

  it('gives the values in the words of the file', () => {
    const [change] = changes([
      'starter: 3, hobbyist: 5, pro: 10}\n    afterEnd: loses',
      'starter: unlimited, hobbyist: unlimited, pro: unlimited}\n    afterEnd: loses',
    ]);
    expect(change).to.deep.include({
      perk: 'free_lora_training',
      tier: 'starter',
      what: 'amount',
      from: 3,
      to: 'unlimited',
    });
    const [lost] = changes([
      'tiers: members                # short for {free: no, starter: yes, …}',
      'tiers: {free: no, starter: no, hobbyist: yes, pro: yes}',
    ]);
    expect(lost).to.deep.include({ perk: 'turbo_mode', tier: 'starter', from: 'yes', to: 'no', verdict: 'worse' });
  });

  it('says rows that came and went', () => {
    expect(told(['      5: {free: 0, starter: 50000, hobbyist: 100000, pro: 150000}\n', ''])).to.include(
      'worse: Extra credits with a top-up, 5, Pro: 150,000 → not listed',
    );
  });

  it('says what becomes of the end', () => {
    const gif = (word: string) =>
      ['tiers: members\n    afterEnd: frozen', `tiers: members\n    afterEnd: ${word}`] as const;
    expect(told(gif('loses'))).to.deep.equal([
      'worse: GIF profile picture: frozen (what is there stays, nothing new) → lost after the end',
    ]);
    expect(told(gif('keeps'))).to.deep.equal([
      'better: GIF profile picture: frozen (what is there stays, nothing new) → kept after the end',
    ]);
  });

  it('says gates, messages, names and settings', () => {
    expect(
      told(['actions: {lora.train_free: add}', 'actions: {lora.train_free: add, generation.turbo: use}']),
    ).to.deep.equal(['worse: Free LoRA training: now also decides `generation.turbo` (use)']);
    expect(
      told(
        ['{does: add, when: asks_for_gif}', 'add'],
        ['  asks_for_gif: {all: [{fact: input, path: $.format, operator: equal, value: gif}]}\n', ''],
      ),
    ).to.deep.equal([
      'neither: GIF profile picture: decides `avatar.upload` differently, add when `asks_for_gif` → add',
      'neither: condition `asks_for_gif` is gone',
    ]);
    expect(told(['says: A model keeps the visibility it was uploaded with.', 'says: No.'])).to.deep.equal([
      'neither: `model.make_private`: message for existing_model: “A model keeps the visibility it was uploaded with.” → “No.”',
    ]);
    expect(told(['      not_in_plan: Turbo mode comes with a membership.\n', ''])).to.deep.equal([
      'neither: Turbo mode: message for not_in_plan: “Turbo mode comes with a membership.” → the usual words',
    ]);
    expect(told(['title: Turbo mode', 'title: Warp mode'])).to.deep.equal([
      'neither: Turbo mode: is now called Warp mode',
    ]);
    expect(
      told(['whenFactsUnavailable: allow\n    actions: {generation.turbo', 'actions: {generation.turbo']),
    ).to.deep.equal(['worse: Turbo mode: allowed → denied when nothing can be found out about the user']);
    expect(told(['existingMembers: now  ', 'existingMembers: nextTerm  '])).to.deep.equal([
      'neither: a change counts for existing members: at once → from their next term',
    ]);
    expect(told(['starter: {title: Starter}', 'starter: {title: Starter, retired: true}'])).to.deep.equal([
      'neither: Starter: can no longer be subscribed to',
    ]);
    expect(
      told(['loras: {title: LoRAs, type: integer, minimum: 0}', 'loras: {title: LoRAs, type: integer, minimum: 1}']),
    ).to.deep.equal(['neither: `generation.create`: input `loras`: minimum: 0 → 1']);
    expect(told(['unknownUser: asFree', 'unknownUser: deny'])).to.deep.equal([
      'worse: a user whom nobody knows: like the first tier → denied',
    ]);
  });

  it('says checks that came and went', () => {
    const check = '      - {when: subscribed, deny: not_now, says: Not now.}\n';
    const place = '    checks:\n      - {deny: existing_model';
    expect(told([place, `    checks:\n${check}      - {deny: existing_model`])).to.deep.equal([
      'worse: `model.make_private`: is now also denied with not_now when subscribed',
    ]);
    expect(
      told(
        [
          '      - {when: bought_on_web, deny: web_tier_change, says: "A plan bought on the web runs until {endsAt}; choose another tier then."}\n',
          '',
        ],
        ['  bought_on_web: {all: [{fact: term, path: $.channel, operator: equal, value: web}]}\n', ''],
      ),
    ).to.deep.equal([
      'better: `subscription.change_tier`: is no longer denied with web_tier_change',
      'neither: condition `bought_on_web` is gone',
    ]);
  });

  it('says another way of counting on both sides', () => {
    expect(told(['per: month\n', 'per: day\n'])).to.deep.equal([
      'neither: Free LoRA training: is counted by another period, month → day',
      'neither: Free LoRA training, Starter: 3 a month → 3 a day',
      'neither: Free LoRA training, Hobbyist: 5 a month → 5 a day',
      'neither: Free LoRA training, Pro: 10 a month → 10 a day',
    ]);
    expect(told(['day: {timeZone: UTC}', 'day: {timeZone: Asia/Tokyo}'])).to.deep.equal([
      'neither: Daily credits: its period begins elsewhere, UTC → Asia/Tokyo',
      'neither: a day begins in: UTC → Asia/Tokyo',
    ]);
  });

  it('says perks that came, went or changed places', () => {
    const file = structuredClone(FILES['pixai-membership']);
    const perks = (file?.perks ?? {}) as Record<string, never>;
    const { quality_tags, monthly_credits, ...others } = perks;
    const without = versionOf({ ...file, perks: { monthly_credits, ...others } } as never);
    expect(without).to.equal(undefined, 'an action that nothing decides');
    const moved = versionOf({ ...file, perks: { ...others, quality_tags, monthly_credits } } as never);
    if (moved === undefined) throw new Error('the rule file has errors');
    expect(diffVersions(compiled(V1), moved).map(({ what }) => what)).to.deep.equal(['order of perks']);
  });

  it('says what a new tier gets, also when both are ranked by the newest', () => {
    const text = V1.replace('  hobbyist: {title: Hobbyist}', '  plus: {title: Plus}\n  hobbyist: {title: Hobbyist}')
      .replace('version: 1', 'version: 2')
      .replaceAll(/starter: (\d+|\+20%|unlimited), /g, 'starter: $1, plus: $1, ');
    const before = compiled(V1);
    const after = compiled(text);
    const { versions } = ruleSetOf('pixai-membership', [before, after]);
    const [old, now] = versions;
    if (old === undefined || now === undefined) throw new Error('two versions went in');
    for (const found of [diffVersions(before, after), diffVersions(old, now)]) {
      const sentences = found.map(({ sentence }) => sentence);
      expect(sentences[0]).to.equal('Plus: new tier, between Starter and Hobbyist');
      expect(sentences).to.include('Free LoRA training, Plus: 3 a month');
      expect(found.filter(({ tier }) => tier !== 'plus')).to.deep.equal([]);
    }
  });

  it('is no matter of layout: comments, flow and block, order of keys, shorthands and their spelled out forms', () => {
    const relaid = stringify(FILES['pixai-membership'], { indent: 4, lineWidth: 30 })
      .replace('version: 1', 'version: 7')
      .replace('2026-01-01T00:00:00Z', '2026-05-01T00:00:00Z');
    expect(diffVersions(compiled(V1), compiled(relaid))).to.deep.equal([]);
    expect(
      changes(
        ['starter: +20%, hobbyist: +100%', 'hobbyist: 20000, starter: 12000'],
        [
          'tiers: members                # short for',
          'tiers: {free: no, starter: yes, hobbyist: yes, pro: yes} # short for',
        ],
        [
          '{free: {width: 1280, height: 1280}, starter: unlimited',
          '{free: {height: 1280, width: 1280}, starter: {width: unlimited, height: unlimited}',
        ],
        ['source: [R6, R18]', 'source: [R18, R6]'],
        ['of: {width: input.width, height: input.height}', 'of: {height: input.height, width: input.width}'],
        ['actions: {lora.train_free: add}', 'actions: {lora.train_free: {does: add}}'],
        ['{when: subscribed, deny: already', '{when: [subscribed], deny: already'],
        ['unknownUser: asFree               # asFree | deny', ''],
        [
          '    kind: switch\n    tiers: members\n    afterEnd: frozen\n',
          '    afterEnd: frozen\n    tiers: members\n    kind: switch\n    existingMembers: now\n    whenFactsUnavailable: deny\n',
        ],
      ),
    ).to.deep.equal([]);
  });
});
