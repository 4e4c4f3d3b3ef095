import fc from 'fast-check';
import type { Question } from '../../src/domain/question.ts';

const SUBJECT = { type: 'user', id: 'u', properties: {} };

function question(action: string, rest: Partial<Question> = {}): Question {
  return { subject: SUBJECT, action, input: {}, resource: null, context: {}, amount: 1, ...rest };
}

const PLAIN = [
  'generation.turbo',
  'private_model.use',
  'model.make_private',
  'avatar.show_gif',
  'banner.upload',
  'banner.show',
  'badge.show',
  'model_list.pin',
  'credits.monthly.receive',
  'credits.daily.claim',
  'subscription.cancel',
] as const;

const size = fc.constantFrom(1, 1024, 1280, 1281, 4096);

/** Questions about the PixAI membership: every kind of perk, around its limits. */
export const membershipQuestion: fc.Arbitrary<Question> = fc.oneof(
  fc.constantFrom(...PLAIN).map((action) => question(action)),
  fc
    .record({ loras: fc.integer({ min: 0, max: 12 }), width: size, height: size })
    .map((input) => question('generation.create', { input })),
  fc
    .tuple(
      fc.constantFrom('lora.train_free', 'private_model.upload', 'private_model.delete'),
      fc.integer({ min: 1, max: 12 }),
    )
    .map(([action, amount]) => question(action, { amount })),
  fc.constantFrom('gif', 'png').map((format) => question('avatar.upload', { input: { format } })),
  fc.constantFrom(5, 10, 20, 30).map((packUsd) => question('credits.topup.bonus', { input: { packUsd } })),
  fc.constant(question('subscription.change_tier', { input: { tier: 'pro' } })),
  fc.constant(question('subscription.start', { input: { tier: 'pro', channel: 'web' } })),
  fc
    .boolean()
    .map((freeTrial) =>
      question('model.use_early', { resource: { type: 'model', id: 'm-1', properties: { freeTrial } } }),
    ),
);
