import { listed } from '../../domain/listed.ts';
import type { LimitPerk, Perk, RuleFile, SwitchPerk, TablePerk } from '../../generated/rule-file.ts';
import { checkRuleFile } from '../load/check-rule-file.ts';
import type { Finding, Path } from '../load/finding.ts';
import { type Edited, editAt } from './edit-at.ts';
import { EditRefused } from './edit-refused.ts';
import { type Given, nameAmong, numberOf, yesOrNo } from './level-of.ts';
import type { EditedValue } from './scalar-text.ts';

export interface ValueEdit {
  readonly perk: string;
  readonly tier: string;
  readonly value: Given;
  /** Which measure of a limit that has several, or which row of a table. */
  readonly part?: string | undefined;
}

/** Which property of a card: `title`, `afterEnd`, `whenFactsUnavailable`, `existingMembers` or `says.<code>`, if it is there. */
export interface CardEdit {
  readonly perk: string;
  readonly property: string;
  readonly value: string;
}

/** An edit after which the file is still a sound rule file. */
export interface SoundEdit extends Edited {
  /** What is doubtful only since the edit. */
  readonly warnings: readonly Finding[];
}

/**
 * Changes what one tier gets of one perk: one line of the file, and nothing else in it. The value is of the perk's kind: yes or no,
 * a number, `unlimited`, a percentage. A `members` is spelled out where one tier comes to differ. Throws `EditRefused`.
 */
export function editValue(text: string, { perk: id, tier, value, part }: ValueEdit): SoundEdit {
  const { file, findings } = soundFile(text);
  const perk = perkOf(file, id);
  const tiers = Object.keys(file.tiers ?? {});
  nameAmong(tier, tiers, 'tier of this rule set');
  const target = targetOf(perk, tiers, tier, value, part);
  return sound(editAt(text, ['perks', id, ...target.path], target.value), findings);
}

/** Changes a text or a word of one card. Throws `EditRefused`. */
export function editCard(text: string, { perk: id, property, value }: CardEdit): SoundEdit {
  const { file, findings } = soundFile(text);
  perkOf(file, id);
  const [first = '', code] = property.split('.', 2);
  nameAmong(
    first,
    ['title', 'afterEnd', 'whenFactsUnavailable', 'existingMembers', 'says'],
    'text or word of a card that can be changed',
  );
  const path = first === 'says' ? ['says', code ?? ''] : [first];
  return sound(editAt(text, ['perks', id, ...path], value), findings);
}

interface Target {
  /** Below the card. */
  readonly path: Path;
  readonly value: EditedValue;
}

function targetOf(perk: Perk, tiers: readonly string[], tier: string, value: Given, part: string | undefined): Target {
  if (part !== undefined && perk.kind !== 'table' && (perk.kind !== 'limit' || typeof perk.of === 'string'))
    throw new EditRefused(`this perk has no parts, and so no \`${part}\``);
  switch (perk.kind) {
    case 'switch':
      return switchTarget(perk, tiers, tier, yesOrNo(value));
    case 'limit':
      return limitTarget(perk, tier, numberOf(value, { whole: false, unlimited: true, percent: false }), part);
    case 'quota':
    case 'slots':
      return { path: ['tiers', tier], value: numberOf(value, { whole: true, unlimited: true, percent: false }) };
    case 'grant':
      return grantTarget(tiers, tier, numberOf(value, { whole: true, unlimited: false, percent: true }));
    case 'table':
      return tableTarget(perk, tier, numberOf(value, { whole: true, unlimited: false, percent: false }), part);
  }
}

function switchTarget(
  { tiers: levels }: SwitchPerk,
  tiers: readonly string[],
  tier: string,
  value: 'yes' | 'no',
): Target {
  if (levels !== 'members') return { path: ['tiers', tier], value };
  const usual = (rank: number) => (rank === 0 ? 'no' : 'yes');
  if (usual(tiers.indexOf(tier)) === value) return { path: ['tiers'], value: levels };
  return {
    path: ['tiers'],
    value: Object.fromEntries(tiers.map((each, rank) => [each, each === tier ? value : usual(rank)])),
  };
}

function limitTarget(
  { of, tiers: levels }: LimitPerk,
  tier: string,
  value: number | string,
  part: string | undefined,
): Target {
  const path = ['tiers', tier];
  if (typeof of === 'string') return { path, value };
  const level = levels[tier];
  const measures = Object.keys(of);
  const [only, ...others] = measures;
  const measure = part ?? (others.length === 0 ? only : undefined);
  if (measure === undefined) {
    if (value === 'unlimited') return { path, value };
    throw new EditRefused(`this perk has several measures: say which one with \`--part\`: ${listed(measures)}`);
  }
  nameAmong(measure, measures, 'measure of this perk');
  if (typeof level === 'object') return { path: [...path, measure], value };
  if (level === value) return { path, value };
  return { path, value: Object.fromEntries(measures.map((each) => [each, each === measure ? value : (level ?? 0)])) };
}

function grantTarget(tiers: readonly string[], tier: string, value: number | string): Target {
  if (tier === tiers[0] && typeof value === 'string')
    throw new EditRefused(
      `\`${tier}\` is the first tier, and percentages are on top of its number: write a whole number`,
    );
  return { path: ['tiers', tier], value };
}

function tableTarget({ rows }: TablePerk, tier: string, value: number | string, part: string | undefined): Target {
  const keys = Object.keys(rows);
  if (part === undefined) throw new EditRefused(`this perk is a table: say which row with \`--part\`: ${listed(keys)}`);
  // `5` and `5.0` are one row.
  const row = keys.find((key) => key === part || (part.trim() !== '' && Number(key) === Number(part))) ?? part;
  nameAmong(row, keys, 'row of this table');
  return { path: ['rows', row, tier], value };
}

function soundFile(text: string): { readonly file: RuleFile; readonly findings: readonly Finding[] } {
  const { version, findings } = checkRuleFile(text, { file: 'rules' });
  if (version === undefined)
    throw new EditRefused(`this file has errors, to be put right first: ${errorText(findings)}`);
  return { file: version.json as RuleFile, findings };
}

function perkOf(file: RuleFile, id: string): Perk {
  const perks = file.perks ?? {};
  const perk = perks[nameAmong(id, Object.keys(perks), 'perk of this rule set')];
  if (perk === undefined) throw new EditRefused(`there is no perk \`${id}\``);
  return perk;
}

function sound(edited: Edited, before: readonly Finding[]): SoundEdit {
  const { version, findings } = checkRuleFile(edited.text, { file: 'rules' });
  if (version === undefined) throw new EditRefused(`the rules would have an error: ${errorText(findings)}`);
  const known = new Set(before.map(({ code, path }) => `${code} ${path}`));
  return { ...edited, warnings: findings.filter(({ code, path }) => !known.has(`${code} ${path}`)) };
}

function errorText(findings: readonly Finding[]): string {
  const error = findings.find(({ severity }) => severity === 'error');
  return error === undefined ? 'it cannot be read' : `line ${error.line}: ${error.message}`;
}
