import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { RuleFile } from '../../src/generated/rule-file.ts';
import { compileVersion } from '../../src/rules/compile/compile.ts';
import type { Policy, Version } from '../../src/rules/rule-set.ts';
import { ruleSetOf } from '../../src/rules/rule-set-of.ts';

const TIERS = ['free', 'starter', 'hobbyist', 'pro'] as const;
const yaml = readFileSync(new URL('../../../rules/pixai-membership/v1.yaml', import.meta.url), 'utf8');

/** What one version says otherwise than the first one of the membership. */
export interface PerkChange {
  readonly policy: Policy;
  readonly trainings?: readonly number[];
  readonly trainingsPolicy?: Policy;
  readonly loras?: readonly number[];
  readonly models?: readonly number[];
  readonly bonus?: readonly number[];
  readonly daily?: readonly number[];
  readonly turbo?: 'members' | 'nobody' | 'everybody';
  readonly afterEnd?: string;
  /** Whether only subscriptions that renew by themselves may be changed. */
  readonly renewing?: boolean;
  /** Whether the perk and its action are gone. */
  readonly withoutTags?: true;
  /** A tier between the first two that are paid for; versions after this one have it, too. */
  readonly newTier?: true;
}

// biome-ignore lint/suspicious/noExplicitAny: a rule file is taken apart and put together again
type Loose = any;

/** The versions that these changes make, each starting at its instant. */
export function membershipVersions(changes: readonly PerkChange[], starts: readonly number[]): readonly Version[] {
  const versions = changes.map((each, i) => {
    const hasTier = changes.slice(0, i + 1).some(({ newTier }) => newTier);
    return versionOf(hasTier ? { ...each, newTier: true } : each, i + 1, starts[i] ?? 0);
  });
  return ruleSetOf('pixai-membership', versions).versions;
}

function versionOf(change: PerkChange, version: number, from: number): Version {
  const file: Loose = parse(yaml);
  file.version = version;
  file.effective = { from: new Date(from).toISOString(), existingMembers: change.policy };
  const byTier = (numbers: readonly number[]) => Object.fromEntries(TIERS.map((tier, i) => [tier, numbers[i] ?? 0]));
  const { perks } = file;
  if (change.trainings) perks.free_lora_training.tiers = byTier(change.trainings);
  if (change.trainingsPolicy) perks.free_lora_training.existingMembers = change.trainingsPolicy;
  if (change.loras) perks.loras_per_generation.tiers = byTier(change.loras);
  if (change.models) perks.private_models.tiers = byTier(change.models);
  if (change.bonus) perks.topup_bonus.rows[10] = byTier(change.bonus);
  if (change.daily) perks.daily_credits.tiers = byTier(change.daily);
  if (change.turbo === 'nobody') perks.turbo_mode.tiers = Object.fromEntries(TIERS.map((tier) => [tier, 'no']));
  if (change.turbo === 'everybody') perks.turbo_mode.tiers = Object.fromEntries(TIERS.map((tier) => [tier, 'yes']));
  if (change.afterEnd) {
    for (const perk of ['free_lora_training', 'private_models', 'profile_banner'])
      perks[perk].afterEnd = change.afterEnd;
  }
  if (change.renewing) {
    file.rules['subscription.change_tier'].checks.push({ unless: 'renews_by_itself', deny: 'not_renewing' });
  }
  if (change.withoutTags) {
    delete perks.quality_tags;
    delete file.actions['model.add_booster'];
  }
  if (change.newTier) {
    const { free, starter, ...higher } = file.tiers;
    file.tiers = { free, starter, plus: { title: 'Plus' }, ...higher };
    for (const perk of Object.values<Loose>(perks)) {
      const levels = perk.rows === undefined ? [perk.tiers] : Object.values<Loose>(perk.rows);
      for (const each of levels) if (typeof each === 'object') each.plus = each.hobbyist;
    }
  }
  const text = JSON.stringify(file);
  return compileVersion(file as RuleFile, { yaml: text, digest: `sha256:${version}-${text.length}` });
}
