// Draws the pictures of docs/time.md. What they show is computed by the program itself, from dist/: months, standings, decisions.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decide } from '../dist/src/decide/decide.js';
import { pickVersion } from '../dist/src/decide/pick-version.js';
import { addMonths, anchoredMonth, calendarMonth } from '../dist/src/domain/calendar.js';
import { newMember } from '../dist/src/domain/member.js';
import { standingAt } from '../dist/src/domain/standing.js';
import { checkRuleFile } from '../dist/src/rules/load/check-rule-file.js';
import { ruleSetOf } from '../dist/src/rules/rule-set-of.js';

const root = new URL('../', import.meta.url);
const day = (text) => Date.parse(`${text}T00:00:00Z`);
const shortDay = (instant) =>
  new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(instant);

const v1 = readFileSync(new URL('rules/pixai-membership/v1.yaml', root), 'utf8');
const pixai = ruleSetOf('pixai-membership', [versionOf(v1)]);

function versionOf(text) {
  const { version, findings } = checkRuleFile(text, { file: 'v1.yaml' });
  if (version === undefined) throw new Error(findings[0]?.message);
  return version;
}

function memberWith(...terms) {
  return {
    ...newMember('u-1'),
    terms: terms.map(([startsAt, endsAt, more]) => ({ tier: 'starter', channel: 'web', startsAt, endsAt, ...more })),
  };
}

/** Neighbours of the same kind and label become one. */
function merged(segments) {
  return segments.reduce((all, each) => {
    const last = all.at(-1);
    if (last !== undefined && last.end === each.start && last.kind === each.kind && last.label === each.label)
      all[all.length - 1] = { ...last, end: each.end };
    else all.push(each);
    return all;
  }, []);
}

/** One segment for each stretch between the instants, made by `of` at its start. */
function segmentsBetween(instants, of) {
  const sorted = [...new Set(instants)].sort((a, b) => a - b);
  return merged(sorted.slice(0, -1).map((start, index) => ({ start, end: sorted[index + 1], ...of(start) })));
}

/** What is answered from `start` to `end`: asked again whenever the answer says that it may change. */
function answers(action, member, start, end, text) {
  const segments = [];
  for (let at = start; at < end; ) {
    const question = {
      subject: { type: 'user', id: member.id, properties: {} },
      action,
      input: {},
      resource: null,
      context: {},
      amount: 1,
    };
    const decision = decide({ ruleSet: pixai, facts: { state: 'fresh', member }, question, now: at });
    const until = Math.min(decision.validUntil ?? end, end);
    segments.push({ start: at, end: until, ...text(decision) });
    at = until;
  }
  return merged(segments);
}

const yesNo = (decision) => (decision.allowed ? { kind: 'good', label: 'yes' } : { kind: 'none', label: 'no' });

/** Terms that touch are one membership; after a gap a new one begins. */
function term() {
  const [start, end] = [day('2025-12-12'), day('2026-08-10')];
  const terms = [
    [day('2026-01-15'), day('2026-03-15')],
    [day('2026-03-15'), day('2026-05-15'), { tier: 'pro' }],
    [day('2026-06-15'), day('2026-07-15')],
  ];
  const member = memberWith(...terms);
  const { rankOf } = pixai.versions[0];
  const instants = [start, end, ...terms.flat().filter(Number.isFinite)];
  const standing = (at) => standingAt(member, at, rankOf);
  return {
    title: 'Terms, and the membership that they make',
    desc: 'Two terms that touch make one membership; after a gap a new one begins.',
    start,
    end,
    marks: [],
    lanes: [
      [
        'terms',
        terms.map(([from, to, more]) => ({
          start: from,
          end: to,
          kind: 'term',
          label: more?.tier ?? 'starter',
        })),
      ],
      [
        'membership',
        segmentsBetween(instants, (at) => ({
          kind: standing(at).membership === 'active' ? 'good' : 'none',
          label: standing(at).membership,
        })),
      ],
      [
        'the chain began',
        segmentsBetween(instants, (at) => {
          const { anchor, membership } = standing(at);
          return membership === 'active' ? { kind: 'soft', label: shortDay(anchor) } : { kind: 'gap', label: '' };
        }).filter(({ kind }) => kind !== 'gap'),
      ],
    ],
  };
}

/** Always from the first day, never from the month before. */
function month() {
  const anchor = day('2026-01-31');
  const [start, end] = [day('2026-01-20'), day('2026-08-05')];
  const last = addMonths(anchor, 6, 'UTC');
  const months = [];
  for (let at = anchor; at < last; ) {
    const period = anchoredMonth(anchor, at, 'UTC');
    months.push({ ...period, kind: months.length % 2 ? 'soft' : 'good', label: `from ${shortDay(period.start)}` });
    at = period.end;
  }
  const calendar = [];
  for (let at = start; at < end; ) {
    const period = calendarMonth(at, 'UTC');
    const from = Math.max(period.start, start);
    const label = from === period.start && period.end <= end ? `from ${shortDay(period.start)}` : '';
    calendar.push({ start: from, end: Math.min(period.end, end), kind: calendar.length % 2 ? 'soft' : 'good', label });
    at = period.end;
  }
  return {
    title: 'A term that began on 31 January, and its months',
    desc: 'Each month is counted from 31 January: it begins on the last day of a shorter month, and on the 31st again in the next.',
    start,
    end,
    marks: [],
    lanes: [
      [
        'term',
        [
          {
            start: anchor,
            end: last,
            kind: 'term',
            label: `${shortDay(anchor)} to ${shortDay(last)}, the end excluded`,
          },
        ],
      ],
      ['subscriptionDay', months],
      ['firstOfMonth', calendar],
    ],
  };
}

/** Cancelling ends nothing: the end does. */
function cancellation() {
  const [start, end] = [day('2026-10-28'), day('2026-12-28')];
  const [from, cancelledAt, to] = [day('2026-11-05'), day('2026-11-15'), day('2026-12-05')];
  const member = { ...memberWith([from, to, { cancelledAt }]), holdings: { private_models: 12 } };
  const lane = (label, action, text = yesNo) => [label, answers(action, member, start, end, text)];
  const credits = (decision) => {
    const { amount } = Object.values(decision.values)[0] ?? {};
    const number = new Intl.NumberFormat('en').format(amount ?? 0);
    return { kind: amount > 10000 ? 'good' : 'soft', label: number };
  };
  return {
    title: 'A cancellation on day 10, and the end',
    desc: 'A cancelled term runs until it ends; then each perk has a word for what is left.',
    start,
    end,
    marks: [
      [cancelledAt, `cancelled, ${shortDay(cancelledAt)}`],
      [to, `the end, ${shortDay(to)}`],
    ],
    lanes: [
      ['term', [{ start: from, end: to, kind: 'term', label: 'starter' }]],
      lane('train for free (loses)', 'lora.train_free'),
      lane('upload a private model (frozen)', 'private_model.upload'),
      lane('use a private model (frozen)', 'private_model.use'),
      lane('show the GIF (frozen)', 'avatar.show_gif'),
      lane('daily credits (freeLevel)', 'credits.daily.claim', credits),
    ],
  };
}

/** Whom a version applies to, for a number that gets better and for one that gets worse. */
function versionStart() {
  const [start, end] = [day('2026-01-01'), day('2026-08-01')];
  const from = day('2026-03-01');
  const terms = [
    [day('2026-01-15'), day('2026-04-01')],
    [day('2026-04-01'), day('2026-05-15')],
    [day('2026-06-15'), day('2026-08-01')],
  ];
  const member = memberWith(...terms);
  const instants = [start, end, from, ...terms.flat()];
  const policy = (name, before, after) => {
    const text = (number) =>
      v1.replace(
        'tiers: {free: 0, starter: 3, hobbyist: 5, pro: 10}',
        `tiers: {free: 0, starter: ${number}, hobbyist: 20, pro: 20}`,
      );
    const next = text(after)
      .replace('version: 1', 'version: 2')
      .replace('2026-01-01T00:00:00Z', new Date(from).toISOString())
      .replace('existingMembers: now', `existingMembers: ${name}`);
    const ruleSet = ruleSetOf('pixai-membership', [versionOf(text(before)), versionOf(next)]);
    const segments = segmentsBetween(instants, (at) => {
      const standing = standingAt(member, at, ruleSet.versions[1].rankOf);
      if (standing.term === null) return { kind: 'gap', label: '' };
      const number = pickVersion(ruleSet, standing, at).cards.get('free_lora_training').kind.planned(standing.rank);
      return { kind: number === before ? 'soft' : 'next', label: String(number) };
    });
    return [`${before} → ${after}, ${name}`, segments.filter(({ kind }) => kind !== 'gap')];
  };
  const policies = ['now', 'nextTerm', 'whileSubscribed', 'neverWorse'];
  return {
    title: 'Version 2 starts on 1 March: whom it applies to',
    desc: 'The number of one member, for each word of existingMembers, when it goes from 3 to 4 and from 10 to 8.',
    start,
    end,
    marks: [[from, 'version 2 starts']],
    lanes: [
      ['terms', terms.map(([a, b], index) => ({ start: a, end: b, kind: 'term', label: `term ${index + 1}` }))],
      ...policies.map((name) => policy(name, 3, 4)),
      ...policies.map((name) => policy(name, 10, 8)),
    ],
  };
}

const WIDTH = 880;
const LEFT = 232;
const RIGHT = 16;
const LANE = 34;
const BAR = 24;

const COLOURS = {
  light: {
    paper: '#ffffff',
    ink: '#1b1f24',
    soft: '#57606a',
    line: '#d0d7de',
    term: ['#dbe4f0', '#1b2c44'],
    good: ['#cdeed9', '#0b3d20'],
    muted: ['#fbe7c0', '#4a3200'],
    none: ['#f4d4d4', '#5a1414'],
    next: ['#e4d8f8', '#3a1a66'],
    mark: '#7a1fd1',
  },
  dark: {
    paper: '#0f141a',
    ink: '#e6edf3',
    soft: '#a3adb8',
    line: '#3a4450',
    term: ['#2b3d57', '#dbe7f7'],
    good: ['#1c4a31', '#d3f5e0'],
    muted: ['#553f10', '#fdebc4'],
    none: ['#5c2626', '#fbdada'],
    next: ['#46316e', '#ece2fc'],
    mark: '#c9a2ff',
  },
};

function styleOf(colours) {
  const bar = (name, [fill, ink]) => `.${name}{fill:${fill}}.on-${name}{fill:${ink}}`;
  return [
    `.paper{fill:${colours.paper}}.ink{fill:${colours.ink}}.dim{fill:${colours.soft}}.line{stroke:${colours.line}}`,
    bar('term', colours.term),
    bar('good', colours.good),
    bar('soft', colours.muted),
    bar('none', colours.none),
    bar('next', colours.next),
    `.mark{stroke:${colours.mark}}.on-mark{fill:${colours.mark}}`,
  ].join('');
}

const escaped = (text) =>
  text.replace(/[&<>"]/g, (each) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[each]);

function draw({ title, desc, start, end, marks, lanes }) {
  const x = (instant) => Math.round((LEFT + ((instant - start) / (end - start)) * (WIDTH - LEFT - RIGHT)) * 10) / 10;
  const head = 40;
  const top = head + 28 + (marks.length > 0 ? 22 : 0);
  const bottom = top + lanes.length * LANE;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + 14}" width="${WIDTH}" height="${bottom + 14}" role="img" aria-labelledby="t d">`,
    `<title id="t">${escaped(title)}</title>`,
    `<desc id="d">${escaped(desc)}</desc>`,
    `<style>text{font:13px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}.h{font-size:15px;font-weight:600}.s{font-size:12px}.m{text-anchor:middle}.e{text-anchor:end}${styleOf(COLOURS.light)}@media (prefers-color-scheme:dark){${styleOf(COLOURS.dark)}}</style>`,
    `<rect class="paper" width="${WIDTH}" height="${bottom + 14}" rx="8"/>`,
    `<text class="ink h" x="16" y="26">${escaped(title)}</text>`,
  ];
  for (let at = calendarMonth(start, 'UTC').end; at < end; at = calendarMonth(at, 'UTC').end) {
    lines.push(`<line class="line" x1="${x(at)}" x2="${x(at)}" y1="${head + 18}" y2="${bottom}"/>`);
    lines.push(`<text class="dim s m" x="${x(at)}" y="${head + 12}">${shortDay(at)}</text>`);
  }
  const labels = [];
  lanes.forEach(([label, segments], index) => {
    const y = top + index * LANE + (LANE - BAR) / 2;
    lines.push(`<text class="ink e" x="${LEFT - 12}" y="${y + 16.5}">${escaped(label)}</text>`);
    for (const { start: from, end: to, kind, label: text } of segments) {
      const width = Math.round((x(to) - x(from)) * 10) / 10;
      lines.push(
        `<rect class="${kind}" x="${x(from) + 1}" y="${y}" width="${Math.max(1, width - 2)}" height="${BAR}" rx="4"/>`,
      );
      if (text !== '' && text.length * 7 < width)
        labels.push(
          `<text class="on-${kind} s m" x="${Math.round((x(from) + width / 2) * 10) / 10}" y="${y + 16.5}">${escaped(text)}</text>`,
        );
    }
  });
  for (const [at, label] of marks) {
    lines.push(
      `<line class="mark" x1="${x(at)}" x2="${x(at)}" y1="${top - 8}" y2="${bottom}" stroke-width="2" stroke-dasharray="5 4"/>`,
    );
    lines.push(`<text class="on-mark s m" x="${x(at)}" y="${top - 14}">${escaped(label)}</text>`);
  }
  // Over the marks, not under them.
  return `${[...lines, ...labels].join('\n')}\n</svg>\n`;
}

/** The pictures by the names of their files. */
export function timelines() {
  return {
    'term.svg': draw(term()),
    'month.svg': draw(month()),
    'cancellation.svg': draw(cancellation()),
    'version-start.svg': draw(versionStart()),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, svg] of Object.entries(timelines())) writeFileSync(new URL(`docs/images/${name}`, root), svg);
}
