import { toApiImpact } from '../../api/rule-sets/to-api-impact.ts';
import { numberText } from '../../domain/number-text.ts';
import type { ApiImpact } from '../../generated/answers/candidates/impact.ts';
import type { Cells } from '../../rules/pages/matrix-cells.ts';
import type { Version } from '../../rules/rule-set.ts';
import type { Counts, Impact } from '../../use-cases/impact/impact.ts';
import type { Colours } from '../frame/terminal.ts';
import { terminalTable } from './tables.ts';

const shares = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** An impact for reading: how many, of which perks and tiers, and who for example. */
export function impactText(impact: Impact, candidate: Version, colours: Colours): string {
  const api = toApiImpact(impact);
  const { ruleSet, at, startsAt, members, running, partial } = api;
  const head = `${ruleSet.id} version ${ruleSet.version}, judged at ${at}: ${membersText(members)}`;
  return [
    [
      `${colours.bold(head)}${partial ? ' (stopped before the end)' : ''}`,
      ...(impact.startsAt > impact.at ? [`as if it had started then: by its file it starts at ${startsAt}`] : []),
      ...(candidate.tiers.length === 0
        ? []
        : [`${membersText(running)} ${running === 1 ? 'has' : 'have'} a running term then`]),
    ].join('\n'),
    countLines(api),
    isNothing(api) ? '' : partTables(api, candidate, colours),
    overLines(api, candidate),
    exampleLines(api.examples, candidate, colours),
    recountedLine(api.recounted, candidate),
    api.later === undefined ? '' : `once their terms are over and begun anew\n${countLines(api.later)}`,
  ]
    .filter((each) => each !== '')
    .map((each) => `${each.trimEnd()}\n`)
    .join('\n');
}

export function shareText(share: number): string {
  return `${shares.format(share * 100)} %`;
}

export function membersText(members: number): string {
  return `${numberText(members)} ${members === 1 ? 'member' : 'members'}`;
}

function isNothing({ members, unchanged }: Counts): boolean {
  return members === unchanged;
}

function countLines(counts: Counts): string {
  const lines = [
    ['gain', counts.gain],
    ['lose', counts.lose],
    ['gain and lose', counts.mixed],
    ['unchanged', counts.unchanged],
  ] as const;
  const width = Math.max(...lines.map(([, count]) => numberText(count).length));
  return lines
    .map(([word, count]) => {
      const share = counts.members === 0 ? '' : `  ${shareText(count / counts.members)}`;
      return `  ${word.padEnd(14)}${numberText(count).padStart(width)}${share}\n`;
    })
    .join('');
}

function partTables(impact: ApiImpact, candidate: Version, colours: Colours): string {
  const rows = (all: Counts['perks'], title: (id: string) => string): Cells =>
    Object.entries(all).map(([id, { gain, lose }]) => [title(id), numberText(gain), numberText(lose)]);
  const tiers = Object.fromEntries(Object.entries(impact.tiers).filter(([, { gain, lose }]) => gain + lose > 0));
  const tierTitle = (id: string) => candidate.tiers.find((tier) => tier.id === id)?.title ?? id;
  const parts: readonly (readonly [string, Cells])[] = [
    ['Perk', rows(impact.perks, (id) => titleOf(candidate, id))],
    ['Action', rows(impact.actions, (id) => id)],
    ['Tier', rows(tiers, tierTitle)],
  ];
  return parts
    .filter(([, cells]) => cells.length > 0)
    .map(([name, cells]) => terminalTable([[name, 'Gain', 'Lose'], ...cells], colours))
    .join('\n');
}

function titleOf(candidate: Version, perk: string): string {
  return candidate.cards.get(perk)?.title ?? perk;
}

function overLines({ overLimit: { members, examples } }: ApiImpact, candidate: Version): string {
  if (members === 0) return '';
  const lines = examples
    .slice(0, 5)
    .map(({ user, perk, used, limit }) => `  ${user}  ${titleOf(candidate, perk)}: ${used} used, ${limit} allowed`);
  return [`over a new limit: ${membersText(members)}; what they have stays`, ...lines].join('\n');
}

function exampleLines(examples: ApiImpact['examples'], candidate: Version, colours: Colours): string {
  if (examples.length === 0) return '';
  const lines = examples.map((each) => {
    const line = `  ${each.what === 'gain' ? '+' : '-'} ${each.user}  ${whatText(each, candidate)}: ${valueText(each.from)} → ${valueText(each.to)}`;
    return each.what === 'gain' ? colours.green(line) : colours.red(line);
  });
  return ['for example', ...lines].join('\n');
}

function whatText({ perk, action, asked }: ApiImpact['examples'][number], candidate: Version): string {
  if (action !== undefined) return asked === undefined ? action : `${action} ${JSON.stringify(asked)}`;
  return titleOf(candidate, perk ?? '');
}

function valueText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const parts = Object.entries(value).map(([key, each]) => `${key}: ${valueText(each)}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function recountedLine(perks: readonly string[], candidate: Version): string {
  if (perks.length === 0) return '';
  const names = perks.map((perk) => titleOf(candidate, perk)).join(', ');
  return `counted in another way than before, and compared only by what is left at that instant: ${names}`;
}
