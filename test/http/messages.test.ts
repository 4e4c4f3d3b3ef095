import { expect } from 'chai';
import { rulesFolder } from './authzen/asking.ts';
import { type Running, run } from './running.ts';

/** Two quotas and two holdings, each once with a sentence of its own and once without. */
const STUDIO = `
format: perkbook/1
ruleSet: studio
version: 1
title: Studio
effective: {from: 2026-01-01T00:00:00Z}
tiers: {guest: {title: Guest}, plus: {title: Plus}}
calendar: {month: {startsOn: firstOfMonth, timeZone: UTC}}
perks:
  prints:
    {title: Prints, kind: quota, per: month, tiers: {guest: 3, plus: 9}, afterEnd: freeLevel, actions: {print.order: add}}
  casts:
    title: Casts
    kind: quota
    per: month
    tiers: {guest: 3, plus: 9}
    afterEnd: freeLevel
    actions: {cast.order: add}
    says: {quota_used_up: '{asked} casts are more than the {remaining} that are left.'}
  shelves:
    {title: Shelves, kind: slots, holds: shelves, tiers: {guest: 3, plus: 9}, afterEnd: freeLevel, actions: {shelf.add: add}}
  drawers:
    title: Drawers
    kind: slots
    holds: drawers
    tiers: {guest: 3, plus: 9}
    afterEnd: freeLevel
    actions: {drawer.add: add}
    says: {slots_full: '{asked} more do not fit beside {used}.'}
actions:
  print.order: {title: Order a print}
  cast.order: {title: Order a cast}
  shelf.add: {title: Add a shelf}
  drawer.add: {title: Add a drawer}
`;

describe('the sentence of a denial', () => {
  let server: Running;
  let folder: ReturnType<typeof rulesFolder>;

  before(async () => {
    folder = rulesFolder({ studio: STUDIO });
    server = await run({ rules: folder.rules });
    const usage = { prints: [{ at: '2026-11-02T00:00:00Z' }], casts: [{ at: '2026-11-02T00:00:00Z' }] };
    await server.send('PUT', '/v1/members/ann', { usage, holdings: { shelves: 1, drawers: 1 } });
    await server.send('PUT', '/v1/members/full', {
      usage: { prints: [{ at: '2026-11-02T00:00:00Z', amount: 3 }] },
      holdings: { shelves: 3 },
    });
  });
  after(async () => {
    await server.close();
    folder.remove();
  });

  const table: readonly (readonly [user: string, action: string, amount: number, says: string])[] = [
    ['full', 'print.order', 1, 'Prints: you have used 3 of 3; more on 1 December 2026.'],
    ['ann', 'print.order', 3, 'Prints: you asked for 3, and 2 of 3 are left; more on 1 December 2026.'],
    ['nobody', 'print.order', 11, 'Prints: you asked for 11, and 3 of 3 are left; more on 1 December 2026.'],
    ['full', 'shelf.add', 1, 'Shelves: 3 of 3 are in use.'],
    ['ann', 'shelf.add', 3, 'Shelves: you asked for 3, and 1 of 3 are in use.'],
    ['ann', 'cast.order', 3, '3 casts are more than the 2 that are left.'],
    ['ann', 'drawer.add', 3, '3 more do not fit beside 1.'],
  ];
  for (const [user, action, amount, says] of table) {
    it(`to ${user} about ${action} of ${amount}: ${says}`, async () => {
      const { json } = await server.post('/v1/decisions', { user, action, amount });
      expect(json.reason.message).to.equal(says);
    });
  }
});
