import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { RuleFile } from '../../../src/generated/rule-file.ts';
import { diffVersions } from '../../../src/rules/diff/diff-versions.ts';
import { editAt } from '../../../src/rules/edit/edit-at.ts';
import { EditRefused } from '../../../src/rules/edit/edit-refused.ts';
import { editCard, editValue, type SoundEdit, type ValueEdit } from '../../../src/rules/edit/edit-value.ts';
import type { EditedValue } from '../../../src/rules/edit/scalar-text.ts';
import { checkRuleFile } from '../../../src/rules/load/check-rule-file.ts';

const V1 = readFileSync(new URL('../../../../rules/pixai-membership/v1.yaml', import.meta.url), 'utf8');
const FILE = parse(V1) as RuleFile;
const PERKS = Object.entries(FILE.perks ?? {});
const TIERS = Object.keys(FILE.tiers ?? {});

const number = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));
const count = fc.oneof(number, fc.constant('unlimited'));
const percent = fc.integer({ min: 0, max: 999 }).map((each) => `+${each}%`);

/** Any edit that v1 can take. */
const edit: fc.Arbitrary<ValueEdit> = fc.constantFrom(...PERKS).chain(([id, perk]) =>
  fc.constantFrom(...TIERS).chain((tier): fc.Arbitrary<ValueEdit> => {
    const base = { perk: fc.constant(id), tier: fc.constant(tier) };
    switch (perk.kind) {
      case 'switch':
        return fc.record({ ...base, value: fc.constantFrom('yes', 'no', true, false) });
      case 'quota':
      case 'slots':
        return fc.record({ ...base, value: count });
      case 'grant': {
        if (tier !== 'free') return fc.record({ ...base, value: fc.oneof(number, percent) });
        // Without a running term there is no month of it to receive anything in.
        // Nor may what the percentages make of it be more than can be counted.
        const first = fc.integer({ min: 0, max: 1_000_000_000_000 });
        return fc.record({ ...base, value: perk.per === 'termMonth' ? fc.constant(0) : first });
      }
      case 'table':
        return fc.record({ ...base, value: number, part: fc.constantFrom(...Object.keys(perk.rows)) });
      case 'limit':
        return typeof perk.of === 'string'
          ? fc.record({ ...base, value: count })
          : fc.record({ ...base, value: count, part: fc.constantFrom(...Object.keys(perk.of)) });
    }
  }),
);

function changedLines(before: string, after: string): readonly number[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  expect(b).to.have.length(a.length);
  return a.flatMap((line, index) => (line === b[index] ? [] : [index + 1]));
}

/** What the file says a tier has, however it writes it. */
function valueIn(text: string, { perk: id, tier, part }: ValueEdit): unknown {
  const perk = (parse(text) as RuleFile).perks?.[id];
  if (perk === undefined) throw new Error(id);
  if (perk.kind === 'table') return perk.rows[part ?? '']?.[tier];
  if (perk.tiers === 'members') return tier === 'free' ? 'no' : 'yes';
  const level = perk.tiers[tier];
  return typeof level === 'object' ? level[part ?? ''] : level;
}

const spelled = (value: ValueEdit['value']) => (value === true ? 'yes' : value === false ? 'no' : value);

function refused(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof EditRefused)
      return `${error.message}${error.didYouMean === undefined ? '' : ` (${error.didYouMean})`}`;
    throw error;
  }
  throw new Error('this was not refused');
}

describe('editing a value', () => {
  it('changes one line, is read back, and can be taken back to the byte', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(edit, (wanted) => {
        const edited = editValue(V1, wanted);
        const lines = changedLines(V1, edited.text);
        expect(lines.length).to.be.at.most(1);
        if (lines.length === 1) {
          expect(lines).to.deep.equal([edited.line]);
          expect(edited.text.split('\n')[edited.line - 1]).to.equal(edited.after);
        } else expect(edited.text).to.equal(V1);
        expect(valueIn(edited.text, wanted)).to.equal(spelled(wanted.value));
        expect(editAt(edited.text, edited.path, edited.from as EditedValue).text).to.equal(V1);
      }),
      { numRuns: 200, seed: 4 },
    );
  });

  it('is the change that the difference of both versions says, and no other', () => {
    const before = checkRuleFile(V1, { file: 'v1.yaml' }).version;
    const says = (wanted: ValueEdit) => {
      const after = checkRuleFile(editValue(V1, wanted).text, { file: 'v1.yaml' }).version;
      if (before === undefined || after === undefined) throw new Error('the rules have errors');
      return diffVersions(before, after).map(({ sentence }) => sentence);
    };
    expect(says({ perk: 'free_lora_training', tier: 'starter', value: 4 })).to.deep.equal([
      'Free LoRA training, Starter: 3 → 4 a month',
    ]);
    expect(says({ perk: 'turbo_mode', tier: 'starter', value: 'no' })).to.deep.equal(['Turbo mode, Starter: yes → no']);
    expect(says({ perk: 'daily_credits', tier: 'starter', value: 12000 })).to.deep.equal([]);
  });

  it('writes it as a person would', () => {
    const line = (wanted: ValueEdit) => editValue(V1, wanted).after.trim();
    expect(line({ perk: 'free_lora_training', tier: 'starter', value: '4' })).to.equal(
      'tiers: {free: 0, starter: 4, hobbyist: 5, pro: 10}',
    );
    expect(line({ perk: 'turbo_mode', tier: 'starter', value: 'no' })).to.equal(
      'tiers: {free: no, starter: no, hobbyist: yes, pro: yes}                # short for {free: no, starter: yes, …}',
    );
    expect(line({ perk: 'image_size', tier: 'starter', value: 2048, part: 'width' })).to.equal(
      'tiers: {free: {width: 1280, height: 1280}, starter: {width: 2048, height: unlimited}, hobbyist: unlimited, pro: unlimited}',
    );
    expect(line({ perk: 'image_size', tier: 'free', value: 'unlimited' })).to.equal(
      'tiers: {free: unlimited, starter: unlimited, hobbyist: unlimited, pro: unlimited}',
    );
    expect(line({ perk: 'topup_bonus', tier: 'pro', value: 1, part: '5.0' })).to.equal(
      '5: {free: 0, starter: 50000, hobbyist: 100000, pro: 1}',
    );
    expect(editValue(V1, { perk: 'turbo_mode', tier: 'pro', value: 'yes' }).text).to.equal(V1);
  });

  it('tells what is doubtful since then', () => {
    const codes = ({ warnings }: SoundEdit) => warnings.map(({ code }) => code);
    expect(codes(editValue(V1, { perk: 'private_models', tier: 'starter', value: 99 }))).to.deep.equal([
      'not_monotonic',
    ]);
    expect(codes(editValue(V1, { perk: 'private_models', tier: 'starter', value: 16 }))).to.deep.equal([]);
  });

  it('refuses what it does not understand, and says what was meant', () => {
    const says = (wanted: Partial<ValueEdit>) =>
      refused(() => editValue(V1, { perk: 'free_lora_training', tier: 'starter', value: 4, ...wanted }));
    expect(says({ perk: 'free_lora_trainin' })).to.match(/^`free_lora_trainin` is no perk .*\(free_lora_training\)$/);
    expect(says({ tier: 'Starter' })).to.match(/^`Starter` is no tier .*\(starter\)$/);
    expect(says({ value: '1,000' })).to.match(/write a whole number of at least 0 or `unlimited` \(1000\)$/);
    expect(says({ value: 'none' })).to.match(/\(0\)$/);
    expect(says({ value: 'unlimted' })).to.match(/\(unlimited\)$/);
    for (const value of ['1.5', -1, '1e3', Number.NaN, '', '99999999999999999999', 'yes', true])
      expect(says({ value }), String(value)).to.include('write a whole number');
    expect(says({ part: 'width' })).to.equal('this perk has no parts, and so no `width`');
    expect(says({ perk: 'turbo_mode', value: 3 })).to.include('neither `yes` nor `no`');
    expect(says({ perk: 'turbo_mode', value: 'true' })).to.match(/\(yes\)$/);
    expect(says({ perk: 'daily_credits', value: '20%' })).to.match(/\(\+20%\)$/);
    expect(says({ perk: 'daily_credits', tier: 'free', value: '+20%' })).to.include('`free` is the first tier');
    expect(says({ perk: 'image_size' })).to.include('say which one with `--part`: `width` or `height`');
    expect(says({ perk: 'image_size', part: 'widht' })).to.match(/\(width\)$/);
    expect(says({ perk: 'topup_bonus' })).to.include('say which row with `--part`: `5`, `10` or `30`');
    expect(says({ perk: 'topup_bonus', part: '7' })).to.include('`7` is no row of this table: `5`, `10` and `30`');
    expect(refused(() => editValue('format: perkbook/1\n', { perk: 'a', tier: 'b', value: 1 }))).to.include(
      'has errors',
    );
  });
});

describe('editing a card', () => {
  const text = fc.oneof(
    fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }),
    fc
      .array(fc.constantFrom(...'aB, {}[]:#\'"|>\\-!&*%@`~\n\t 5?=\u00e9\u2028\u200b'), { minLength: 1, maxLength: 12 })
      .map((each) => each.join('')),
    fc.constantFrom(
      '5',
      'yes',
      'null',
      'true',
      '- a',
      'a: b',
      '# a',
      '1e3',
      '~',
      '0x1f',
      '.inf',
      '<<',
      '=',
      'a'.repeat(200),
    ),
  );

  it('keeps any text as it is, on its one line', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(text, fc.constantFrom('turbo_mode', 'gif_avatar'), (title, perk) => {
        const edited = editCard(V1, { perk, property: 'title', value: title });
        expect(changedLines(V1, edited.text)).to.deep.equal([edited.line]);
        expect((parse(edited.text) as RuleFile).perks?.[perk]?.title).to.equal(title);
        expect(editAt(edited.text, edited.path, edited.from as EditedValue).text).to.equal(V1);
      }),
      { numRuns: 80, seed: 4 },
    );
  });

  it('keeps any text between braces', function () {
    this.timeout(60_000);
    const path = ['tiers', 'pro', 'title'];
    fc.assert(
      fc.property(text, (title) => {
        const edited = editAt(V1, path, title);
        expect(changedLines(V1, edited.text)).to.deep.equal([edited.line]);
        expect((parse(edited.text) as RuleFile).tiers?.pro?.title).to.equal(title);
        expect(editAt(edited.text, path, 'Pro').text).to.equal(V1);
      }),
      { numRuns: 80, seed: 4 },
    );
  });

  it('writes quotes only where they are needed', () => {
    const line = (property: string, value: string) =>
      editCard(V1, { perk: 'turbo_mode', property, value }).after.trim();
    expect(line('title', 'Fast, faster')).to.equal('title: Fast, faster');
    expect(line('title', 'Fast: faster')).to.equal('title: "Fast: faster"');
    expect(line('afterEnd', 'keeps')).to.equal('afterEnd: keeps');
    expect(line('says.not_in_plan', "Turbo isn't yours.")).to.equal("not_in_plan: Turbo isn't yours.");
    expect(editAt(V1, ['tiers', 'pro', 'title'], 'A, B').after).to.equal('  pro: {title: "A, B"}');
  });

  it('refuses what is not there, or would be wrong', () => {
    const says = (property: string, value = 'x') =>
      refused(() => editCard(V1, { perk: 'turbo_mode', property, value }));
    expect(says('afterEnd', 'freezes')).to.include('the rules would have an error');
    expect(says('afterend')).to.match(/\(afterEnd\)$/);
    expect(says('existingMembers', 'now')).to.include('there is no `existingMembers` in `perks.turbo_mode`');
    expect(says('says.not_in_pla')).to.match(/\(not_in_plan\)$/);
    expect(says('says.not_in_plan', 'For {everybody}')).to.include('the rules would have an error');
    expect(says('title', '')).to.include('the rules would have an error');
  });

  it('refuses an edit that would reach further than its place', () => {
    const file = (lines: string) =>
      V1.replace('tiers:                            # low', `${lines}tiers:                            # low`);
    const several = V1.replace('title: Turbo mode', 'title: >-\n      Turbo\n      mode');
    expect(refused(() => editCard(several, { perk: 'turbo_mode', property: 'title', value: 'Warp' }))).to.include(
      '`perks.turbo_mode.title` stands on several lines',
    );
    const anchored = V1.replace('title: Turbo mode', 'title: &name Turbo mode').replace(
      'title: Custom quality tags',
      'title: *name',
    );
    expect(refused(() => editCard(anchored, { perk: 'turbo_mode', property: 'title', value: 'Warp' }))).to.include(
      'more than the one value',
    );
    expect(editCard(anchored, { perk: 'quality_tags', property: 'title', value: 'Tags' }).after).to.equal(
      '    title: Tags',
    );
    const shared = V1.replace('pro: {title: Pro}', 'pro: &pro {title: Pro}').replace(
      'hobbyist: {title: Hobbyist}',
      'hobbyist: {title: Hobbyist}',
    );
    expect(editAt(shared, ['tiers', 'pro', 'title'], 'Max').after).to.equal('  pro: &pro {title: Max}');
    expect(refused(() => editAt(file('a: [\n'), ['version'], 2))).to.include('put right');
    expect(refused(() => editAt(V1, ['version', 'number'], 2))).to.include('there is no `number` in `version`');
  });

  it('keeps the ends of lines as they are', () => {
    const windows = V1.replaceAll('\n', '\r\n');
    const edited = editValue(windows, { perk: 'free_lora_training', tier: 'starter', value: 4 });
    expect(edited.text).to.equal(windows.replace('starter: 3, hobbyist: 5', 'starter: 4, hobbyist: 5'));
    expect(edited.after).to.not.include('\r');
  });
});
