// The questions and the member that every measurement uses: around the limits, allowed and denied.
const NOW = Date.UTC(2026, 10, 22, 10);

export { NOW };

export const MEMBER_TERMS = [
  { id: 'sub_1', tier: 'starter', channel: 'web', startsAt: Date.UTC(2026, 10, 1), endsAt: Date.UTC(2026, 11, 1) },
];

/** A starter of the middle of a month, as the stores hold one. */
export function memberNamed(id) {
  return {
    id,
    revision: 1,
    terms: MEMBER_TERMS,
    usage: { free_lora_training: [{ at: Date.UTC(2026, 10, 3), amount: 2 }] },
    holdings: { private_models: 12 },
    extras: [],
    attributes: {},
    keyDays: {},
  };
}

const image = (loras) => ({ action: 'generation.create', input: { loras, width: 1024, height: 1024 } });

export const QUESTIONS = [
  image(5),
  image(6),
  image(11),
  { action: 'generation.turbo' },
  { action: 'lora.train_free' },
  { action: 'lora.train_free', amount: 2 },
  { action: 'private_model.upload', amount: 3 },
  { action: 'avatar.upload', input: { format: 'gif' } },
  { action: 'credits.daily.claim' },
  { action: 'credits.topup.bonus', input: { packUsd: 10 } },
  { action: 'subscription.change_tier', input: { tier: 'pro' } },
  { action: 'subscription.cancel' },
];
