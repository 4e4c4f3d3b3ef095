import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from './domain/instant.ts';
import { type Member, newMember } from './domain/member.ts';
import type { RuleBook } from './rules/rule-set.ts';
import type { MemberStore } from './use-cases/ports.ts';

/** The rule set that the sample members belong to. */
const RULE_SET = 'pixai-membership';
/** Left in the data folder, so that a sample member who was deleted does not come back. */
const MARKER = 'samples-loaded';

const DAY = 86_400_000;

/** Whether there is a rule set for the sample members. */
export function hasSamples(book: RuleBook): boolean {
  return book.ruleSets.has(RULE_SET);
}

/** Puts the sample members into an empty store, once in the life of its folder. */
export async function loadSamples(store: MemberStore, folder: string, now: Instant): Promise<void> {
  const marker = join(folder, MARKER);
  if (existsSync(marker) || (await store.count()) > 0) return;
  for (const member of sampleMembers(now)) {
    await store.update(member.id, () => ({ result: undefined, write: { member } }));
  }
  writeFileSync(marker, 'Sample members were loaded once. Delete this file and all members to have them again.\n');
}

/** One member of each tier, one who has cancelled, one whose membership is over; dated around `now`, so that they stay interesting. */
export function sampleMembers(now: Instant): readonly Member[] {
  const hour = Math.floor(now / 3_600_000) * 3_600_000;
  const days = (count: number): Instant => hour + count * DAY;
  return [
    { ...newMember('fred-free'), attributes: { since: 'last year' } },
    {
      ...newMember('sam-starter'),
      terms: [
        { id: 'sub_sam', tier: 'starter', channel: 'web', startsAt: days(-10), endsAt: days(20), autoRenew: false },
      ],
      usage: { free_lora_training: [{ at: days(-4), amount: 2 }] },
      holdings: { private_models: 12 },
    },
    {
      ...newMember('hana-hobbyist'),
      terms: [
        { id: 'sub_hana', tier: 'hobbyist', channel: 'ios', startsAt: days(-40), endsAt: days(50), autoRenew: true },
      ],
      holdings: { private_models: 25 },
      extras: [
        { perk: 'free_lora_training', amount: 2, from: days(-1), until: days(6), note: 'thanks for a bug report' },
      ],
    },
    {
      ...newMember('pia-pro'),
      terms: [
        { id: 'sub_pia', tier: 'pro', channel: 'web', startsAt: days(-100), endsAt: days(265), autoRenew: false },
      ],
      usage: { monthly_credits: [{ at: hour, amount: 1 }] },
      holdings: { private_models: 3 },
    },
    {
      ...newMember('carl-cancelled'),
      terms: [
        {
          id: 'sub_carl',
          tier: 'hobbyist',
          channel: 'android',
          startsAt: days(-20),
          endsAt: days(10),
          cancelledAt: days(-5),
          autoRenew: false,
        },
      ],
      holdings: { private_models: 8 },
    },
    {
      ...newMember('ella-ended'),
      terms: [
        { id: 'sub_ella', tier: 'pro', channel: 'web', startsAt: days(-45), endsAt: days(-15), autoRenew: false },
      ],
      holdings: { private_models: 30 },
    },
  ];
}

/** Three requests to begin with: a denial that says what would unlock it, a consume, and what a cancellation would cost. */
export function sampleCommands(url: string, { asksForKey }: { readonly asksForKey: boolean }): string {
  // In quotes that let the shell fill it in.
  const key = asksForKey ? ' -H "Authorization: Bearer $PERKBOOK_API_KEY"' : '';
  const asJson = `-H 'Content-Type: application/json'${key}`;
  return [
    '# may Sam use six LoRAs? no: the answer says why, and which tier would change it',
    `curl -s ${url}/v1/decisions ${asJson} -d '{"user": "sam-starter", "action": "generation.create", "input": {"loras": 6, "width": 1024, "height": 1024}}'`,
    '# use up one of the free trainings that Sam has left; asked again with the same key, it is the same one',
    `curl -s ${url}/v1/members/sam-starter/consume ${asJson} -d '{"action": "lora.train_free", "idempotencyKey": "job-1"}'`,
    '# what becomes of each perk when the membership of Carl, who has cancelled, ends',
    `curl -s ${url}/v1/members/carl-cancelled/cancellation-preview${key}`,
    '',
  ].join('\n');
}
