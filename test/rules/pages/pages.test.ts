import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import type { RuleFile } from '../../../src/generated/rule-file.ts';
import { checkRuleFile } from '../../../src/rules/load/check-rule-file.ts';
import { parseLock } from '../../../src/rules/load/folder/lock.ts';
import { pageOf } from '../../../src/rules/pages/page.ts';
import { pageAsHtml } from '../../../src/rules/pages/page-as-html.ts';
import { pageAsMarkdown } from '../../../src/rules/pages/page-as-markdown.ts';
import type { Version } from '../../../src/rules/rule-set.ts';

const root = new URL('../../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const V1 = read('rules/pixai-membership/v1.yaml');

function versionOf(text: string): Version {
  const { version, findings } = checkRuleFile(text, { file: 'v1.yaml' });
  if (version === undefined) throw new Error(JSON.stringify(findings[0]));
  return version;
}

/** The rules with a text in the place of every title, message and statement. */
function withTexts(text: string): Version {
  const file = parse(V1) as RuleFile;
  const said = text.replace(/[{}]/g, '') || 'x';
  return versionOf(
    stringify({
      ...file,
      title: said,
      statements: Object.fromEntries(Object.keys(file.statements ?? {}).map((id) => [id, said])),
      tiers: Object.fromEntries(Object.keys(file.tiers ?? {}).map((id) => [id, { title: said }])),
      perks: Object.fromEntries(
        Object.entries(file.perks ?? {}).map(([id, perk]) => [
          id,
          { ...perk, title: said, says: Object.fromEntries(Object.keys(perk.says ?? {}).map((code) => [code, said])) },
        ]),
      ),
      actions: Object.fromEntries(Object.entries(file.actions).map(([id, action]) => [id, { ...action, title: said }])),
    }),
  );
}

const EVIL = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '&lt;b&gt;',
  'a | b\n| --- |\n# heading',
  '](javascript:alert(1)) [x](y) ![z](w)',
  '`code` **bold** ~~gone~~ \\ <!-- --> ---',
  '1. one',
  '- item',
  '</style></title><h1>',
  '\u2028\u202e\u0007',
];

const text = fc.oneof(
  fc.constantFrom(...EVIL),
  fc
    .array(fc.constantFrom(...'<>&"\'|\\`*_[]()#-+=!~.1 a\n'), { minLength: 1, maxLength: 20 })
    .map((all) => `x${all.join('')}`),
);

const tags = (html: string) => html.match(/<[^>]*>/g) ?? [];
/** Each line's markup: what begins it, and what in it is not escaped. */
const markup = (markdown: string) =>
  markdown
    .split('\n')
    .map((line) => [
      /^(?:#+ |- (?:\*\*)?|\| |\|)?/.exec(line)?.[0] ?? '',
      line.replace(/\\./g, '').replace(/[^|<>`*_[\]~]/g, ''),
      /^(?:- )?\s*(?:\d+[.)] |[-+=#])/.test(line.replace(/^(?:#+ |- )/, '')),
    ]);

describe('the pages of a rule set', () => {
  it('in docs/ are those of the newest published version', () => {
    const { lock } = parseLock(read('rules/pixai-membership/versions.lock'), 'versions.lock');
    const newest = Math.max(...lock.keys());
    const page = pageOf(versionOf(read(`rules/pixai-membership/v${newest}.yaml`)));
    const advice = `run \`perkbook docs pixai-membership --version ${newest}\``;
    expect(read('docs/pixai-membership.md') === pageAsMarkdown(page), advice).to.equal(true);
    expect(read('docs/pixai-membership.html') === pageAsHtml(page), advice).to.equal(true);
  });

  it('say everything that a perk says', () => {
    const page = pageOf(versionOf(V1));
    const file = parse(V1) as RuleFile;
    expect(page.perks.map(({ id }) => id)).to.deep.equal(Object.keys(file.perks ?? {}));
    for (const perk of page.perks) {
      expect(perk.says.map((said) => said.text)).to.deep.equal(Object.values(file.perks?.[perk.id]?.says ?? {}));
      expect(perk.statements.map(({ id }) => id)).to.deep.equal(file.perks?.[perk.id]?.source);
    }
    expect(page.table?.length).to.equal(17);
    expect(page.statements).to.have.length(18);
    expect(page.from).to.equal('1 January 2026');
    expect(page.rules.map(({ title }) => title)).to.include('Cancel a subscription');
    const markdown = pageAsMarkdown(page);
    expect(markdown).to.include('| Free LoRA training | no | 3 a month | 5 a month | 10 a month | ends |');
    expect(markdown).to.include(
      'when all are used: “You have used {used} of {limit} free trainings this month; while you are a member, more come on {resetsAt}.”',
    );
    expect(pageAsHtml(page)).to.include('You have used <var>used</var> of <var>limit</var> free trainings');
  });

  it('have a sentence for what is left of each kind, with each word', () => {
    const afterEnd = (perk: string, word: string) => {
      const file = parse(V1) as { perks: Record<string, { afterEnd: string }> };
      const card = file.perks[perk];
      if (card === undefined) throw new Error(perk);
      card.afterEnd = word;
      return pageOf(versionOf(stringify(file))).perks.find(({ id }) => id === perk)?.afterEnd;
    };
    expect(afterEnd('daily_credits', 'freeLevel')).to.equal('Then it is as for Non-member: 10,000 a day.');
    expect(afterEnd('image_size', 'freeLevel')).to.equal('Then it is as for Non-member: 1,280 × 1,280.');
    expect(afterEnd('turbo_mode', 'freeLevel')).to.equal('It ends with the membership.');
    expect(afterEnd('private_models', 'freeLevel')).to.match(/^It ends .* can still be used and deleted\.$/);
    expect(afterEnd('private_models', 'frozen')).to.equal('What is there stays and works; nothing new comes.');
    expect(afterEnd('free_lora_training', 'loses')).to.match(/what is left of it is lost/);
    expect(afterEnd('gif_avatar', 'keeps')).to.equal('It stays.');
  });

  it('say when days and months begin, and what is no longer sold', () => {
    const notes = (...replaced: readonly (readonly [string, string])[]) =>
      pageOf(versionOf(replaced.reduce((yaml, [from, to]) => yaml.replace(from, to), V1))).notes;
    expect(notes()).to.deep.equal([
      'A day begins at midnight (UTC).',
      'A month begins on the day of the month on which the membership began, or on the last day of a shorter month; without a membership, on its first day (UTC).',
      'Monthly credits: a month is counted from the start of each term (UTC).',
    ]);
    expect(
      notes(['startsOn: subscriptionDay, timeZone: UTC', 'startsOn: firstOfMonth, timeZone: Asia/Tokyo'])[1],
    ).to.equal('A month begins on its first day (Asia/Tokyo).');
    expect(notes(['starter: {title: Starter}', 'starter: {title: Starter, retired: true}'])[0]).to.equal(
      'Starter can no longer be subscribed to.',
    );
  });

  it('of rules without tiers have no table', () => {
    const page = pageOf(versionOf(read('rules/documents/v1.yaml')));
    expect(page.table).to.equal(null);
    expect(pageAsMarkdown(page)).to.include('## Who may do what\n\n### Read a document\n');
    expect(pageAsHtml(page)).to.not.include('<table');
  });

  it('show any text as a text: no tag, no markup, no other structure comes of it', function () {
    this.timeout(60_000);
    const plain = pageOf(withTexts('x'));
    const [plainTags, plainMarkup] = [tags(pageAsHtml(plain)), markup(pageAsMarkdown(plain))];
    expect(plainTags.length).to.be.greaterThan(200);
    fc.assert(
      fc.property(text, (evil) => {
        const page = pageOf(withTexts(evil));
        expect(tags(pageAsHtml(page))).to.deep.equal(plainTags);
        expect(markup(pageAsMarkdown(page))).to.deep.equal(plainMarkup);
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  it('as HTML are accessible, without scripts and without anything from elsewhere', () => {
    const html = pageAsHtml(pageOf(versionOf(V1)));
    expect(html).to.match(/^<!doctype html>\n<html lang="en">/);
    expect(html).to.include('<th scope="col">Starter</th>').and.include('<th scope="row">Turbo mode</th>');
    expect(html).to.include('prefers-color-scheme: dark').and.include('@media print');
    expect(html).to.not.match(/<script|<link|<img|src=|url\(|https?:/);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const [, id] of html.matchAll(/aria-labelledby="([^"]*)"/g)) expect(ids).to.include(id);
    const levels = [...html.matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
    for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).to.be.at.most(1);
  });
});

describe('the pictures of docs/time.md', () => {
  it('are what the program computes, and all of them are on the page', async () => {
    const script = (await import(new URL('scripts/timeline-svg.mjs', root).href)) as {
      timelines(): Readonly<Record<string, string>>;
    };
    const page = read('docs/time.md');
    const pictures = Object.entries(script.timelines());
    expect(pictures).to.have.length(4);
    for (const [name, svg] of pictures) {
      expect(existsSync(new URL(`docs/images/${name}`, root)), name).to.equal(true);
      expect(read(`docs/images/${name}`) === svg, `run \`node scripts/timeline-svg.mjs\` for ${name}`).to.equal(true);
      expect(page).to.include(`](images/${name})`);
      expect(svg)
        .to.match(/^<svg [^>]*role="img"/)
        .and.include('<title')
        .and.include('prefers-color-scheme:dark');
    }
  });

  it('show the months of 31 January, and each word for who is a member already', async () => {
    const labels = (name: string) =>
      [...read(`docs/images/${name}`).matchAll(/<text[^>]*>([^<]*)</g)].map(([, label]) => label);
    expect(labels('month.svg')).to.include.members(['from 31 Jan', 'from 28 Feb', 'from 31 Mar', 'from 30 Apr']);
    expect(labels('version-start.svg')).to.include.members([
      '3 → 4, now',
      '10 → 8, neverWorse',
      '3 → 4, whileSubscribed',
    ]);
    expect(labels('cancellation.svg')).to.include.members(['12,000', '10,000', 'cancelled, 15 Nov', 'the end, 5 Dec']);
  });
});
