import { expect } from 'chai';
import fc from 'fast-check';
import { toApiPerks } from '../../src/api/members/to-api-perks.ts';
import { toOfrepFlags } from '../../src/api/ofrep/to-ofrep-flags.ts';
import { parseInstant } from '../../src/domain/instant.ts';
import type { Member } from '../../src/domain/member.ts';
import type { OfrepFlag } from '../../src/generated/ofrep/flag.ts';
import type { RuleBook } from '../../src/rules/rule-set.ts';
import { type FoundOutlook, findOutlook } from '../../src/use-cases/perks/find-outlook.ts';
import { perks } from '../../src/use-cases/perks/perks.ts';
import { instant, member } from '../support/arbitrary-member.ts';
import { membership } from '../support/rule-sets.ts';

const BOOK: RuleBook = { ruleSets: new Map([[membership.id, membership]]), ruleSetsOf: new Map() };
/** More than enough for the boundaries that a member of some months has. */
const MOST_STEPS = 400;

function portsOf(known: Member, at: number) {
  return { facts: { read: () => ({ state: 'fresh' as const, member: known }) }, clock: { now: () => at } };
}

function foundAt(known: Member, at: number): FoundOutlook {
  const found = findOutlook(portsOf(known, at), BOOK, { user: known.id });
  if (found === undefined || found instanceof Promise) throw new Error('the facts are at hand');
  return found;
}

/** The flags by key, without the instant until which they hold. */
function flagsAt(known: Member, at: number): ReadonlyMap<string, { readonly told: string; readonly until: number }> {
  return new Map(
    toOfrepFlags(foundAt(known, at)).flags.map((each) => {
      const { validUntil, ...metadata } = (each as OfrepFlag).metadata;
      const until = validUntil === undefined ? Number.POSITIVE_INFINITY : (parseInstant(validUntil) ?? Number.NaN);
      return [each.key ?? '', { told: JSON.stringify({ ...each, metadata }), until }];
    }),
  );
}

describe('the flags of a member', () => {
  it('say what the perks of the member say', async () => {
    await fc.assert(
      fc.asyncProperty(member, instant, async (known, at) => {
        const shown = toApiPerks(await perks(portsOf(known, at), BOOK, { user: known.id }));
        for (const { key = '', ...flag } of toOfrepFlags(foundAt(known, at)).flags as readonly OfrepFlag[]) {
          const values = shown.perks[key]?.values ?? {};
          const [limit] = ['included', 'limit', 'amount', 'amounts'].flatMap((name) =>
            Object.hasOwn(values, name) ? [values[name]] : [],
          );
          const plain = JSON.stringify(flag.value).replaceAll(String(Number.MAX_SAFE_INTEGER), 'null');
          expect(plain, key).to.equal(JSON.stringify(limit));
          for (const name of ['used', 'remaining', 'claimed', 'resetsAt'] as const) {
            expect(flag.metadata[name] ?? null, `${key} ${name}`).to.equal(values[name] ?? null);
          }
          expect(flag.metadata.tier).to.equal(shown.tier);
        }
      }),
    );
  });

  it('name as reason what an action that needs nothing but the perk is denied for', async () => {
    const ACTION = {
      turbo_mode: 'generation.turbo',
      free_lora_training: 'lora.train_free',
      private_models: 'private_model.upload',
      daily_credits: 'credits.daily.claim',
      monthly_credits: 'credits.monthly.receive',
      profile_banner: 'banner.upload',
    };
    await fc.assert(
      fc.asyncProperty(member, instant, async (known, at) => {
        const { actions } = toApiPerks(await perks(portsOf(known, at), BOOK, { user: known.id }));
        const flags = new Map(toOfrepFlags(foundAt(known, at)).flags.map((each) => [each.key, each as OfrepFlag]));
        for (const [perk, action] of Object.entries(ACTION)) {
          expect(flags.get(perk)?.metadata.reasonCode, perk).to.equal(actions[action]?.reason?.code);
        }
      }),
    );
  });

  it('stay as they are until `validUntil`, whenever one asks before', () => {
    fc.assert(
      fc.property(member, instant, fc.double({ min: 0, max: 1, noNaN: true }), (known, at, share) => {
        const now = flagsAt(known, at);
        for (const [key, { told, until }] of now) {
          expect(until, key).to.be.greaterThan(at);
          const last = Math.min(until, at + 400 * 86_400_000) - 1;
          const then = Math.floor(at + share * (last - at));
          for (const t of [then, last]) expect(flagsAt(known, t).get(key)?.told, key).to.equal(told);
        }
      }),
    );
  });

  it('change at `validUntil` for the last time some day, so that a client that waits for it comes to rest', () => {
    fc.assert(
      fc.property(member, instant, (known, start) => {
        let at = start;
        for (let step = 0; step < MOST_STEPS; step++) {
          const { until } = flagsAt(known, at).get('turbo_mode') ?? { until: Number.NaN };
          if (until === Number.POSITIVE_INFINITY) return;
          at = until;
        }
        expect.fail(`${MOST_STEPS} changes and no end`);
      }),
    );
  });
});
