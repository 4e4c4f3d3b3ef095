import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { perkbook, ROOT } from '../cli/run.ts';

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const HEAD = `
import { Perkbook, type Decision, type Question } from 'perkbook/client';
import { guard } from 'perkbook/express';
import type { Documents, PixaiMembership } from './rules.js';
const club = new Perkbook<PixaiMembership>({ baseUrl: 'https://perkbook.example' });
const both = new Perkbook<PixaiMembership | Documents>({ baseUrl: 'https://perkbook.example' });
const any = new Perkbook({ baseUrl: 'https://perkbook.example' });
const user = 'sam';
const requires = guard(club, { user: () => user });
type Words<T extends string> = { readonly [W in T]: true };
interface Shop {
  readonly actions: {
    readonly 'item.view': { readonly input: { readonly sku: string }; readonly resource: null };
    readonly 'item.buy': { readonly input: null; readonly resource: null };
  };
  readonly perks: { readonly views: { readonly kind: 'quota' }; readonly early: { readonly kind: 'switch' } };
  readonly tiers: Words<'gold'>;
  readonly reasons: Words<'sold_out'>;
  readonly answers: Words<'delivery'>;
}
interface Library {
  readonly actions: {
    readonly 'item.view': { readonly input: { readonly isbn: string; readonly page?: number }; readonly resource: 'book' };
    readonly 'item.lend': { readonly input: null; readonly resource: 'book' };
  };
  readonly perks: { readonly loans: { readonly kind: 'slots' }; readonly early: { readonly kind: 'limit' } };
  readonly tiers: Words<'reader'>;
  readonly reasons: Words<'lent_out'>;
  readonly answers: Words<'shelf'>;
}
const town = new Perkbook<Shop | Library>({ baseUrl: 'https://perkbook.example' });
const townRequires = guard(town, { user: () => user });
`;

const GOOD = `${HEAD}
const image = await club.may({ user, action: 'generation.create', input: { loras: 6, width: 64, height: 64 } });
const limit: number | null | undefined = image.values.loras_per_generation?.limit;
const width: number | null | undefined = image.values.image_size?.asked.width;
if (image.fallback) console.log(image.error.kind, image.reason.code === 'client_fallback');
else console.log(image.id, image.tier === 'starter', image.reason?.code === 'limit_exceeded', limit, width);
const early = await club.may({ user, action: 'model.use_early', resource: { type: 'model', id: 'm-1' } }, { orElse: 'deny' });
console.log(early.values.early_access?.included, early.values.early_access?.freeTrial);
const [turbo, avatar] = await club.mayAll([
  { user, action: 'generation.turbo' },
  { user, action: 'avatar.upload', input: { format: 'gif' } },
]);
console.log(turbo.decision, avatar.unlockedBy === 'pro');
const cancel = await club.may({ user, action: 'subscription.cancel' });
console.log(cancel.values.cancellation);
const used = await club.consume({ user, action: 'lora.train_free', idempotencyKey: 'job-81' }, { timeout: 500 });
const left: number | null | undefined = used.after.free_lora_training?.remaining;
const { perks, actions } = await club.perks({ user });
console.log(left, perks.private_models?.values, actions['badge.show']?.decision);
await both.may({ user, action: 'document.read', resource: { type: 'document', id: 'handbook' } });
await both.may({ user, action: 'generation.turbo' });
const sku = await town.may({ user, action: 'item.view', ruleSet: 'shop', input: { sku: 's-1' } });
const book = { type: 'book', id: 'b-1' } as const;
const [page, lent] = await town.mayAll([
  { user, action: 'item.view', ruleSet: 'library', input: { isbn: 'i-1', page: 7 }, resource: book },
  { user, action: 'item.lend', resource: book },
]);
console.log(sku.values.views?.remaining, page.values.loans?.used, page.tier === 'reader' || page.tier === 'gold');
console.log(lent.reason?.code === 'lent_out' || lent.reason?.code === 'sold_out', lent.values.delivery, lent.values.shelf);
const { early: either } = lent.values;
if (either !== undefined && 'included' in either) console.log(either.included);
else console.log(either?.limit);
await town.consume({ user, action: 'item.view', input: { sku: 's-1' }, idempotencyKey: 'k' });
console.log(townRequires('item.buy'), townRequires('item.view', (req) => ({ sku: String(req.params.sku) })));
console.log(townRequires('item.view', () => ({ isbn: 'i-1' }), { resource: () => book }));
const questions: Question<PixaiMembership>[] = [{ user, action: 'badge.show' }];
for (const question of questions) await club.may(question);
const answers: readonly Decision<PixaiMembership>[] = await club.mayAll(questions);
const badges = await club.mayAll(['sam', 'ann'].map((each) => ({ user: each, action: 'badge.show' })));
const more = [...questions, ...['turbo', 'badge'].map((each): Question<PixaiMembership> => ({ user: each, action: 'badge.show' }))];
console.log(answers.length, badges[0]?.decision, (await club.mayAll(more)).length, (await club.mayAll([])).length);
for (const action of ['badge.show', 'generation.turbo'] as const) await club.may({ user, action });
const unknown = await any.may({ user, action: 'whatever', input: { a: 1 }, resource: { type: 't' } });
console.log(unknown.values.some_perk);
console.log(requires('generation.create', (req) => req.body), requires('generation.turbo'));
console.log(requires('model.use_early', undefined, { resource: (req) => ({ type: 'model', id: String(req.params.id) }) }), requires('generation.turbo', undefined, { orElse: 'deny' }));
console.log(requires('generation.create', async ({ body: { loras, width, height } }) => ({ loras, width, height })));
console.log(requires('avatar.upload', (req) => ({ format: req.query.png === undefined ? 'gif' : 'png' })));
console.log(guard(any, { user: () => user })('whatever'), guard(any, { user: () => user })('whatever', () => ({ a: 1 })));
interface Two {
  readonly actions: { readonly 'a.do': { readonly input: null; readonly resource: null } };
  readonly perks: { readonly p: { readonly kind: 'switch' } | { readonly kind: 'limit' } };
  readonly tiers: Record<never, never>;
  readonly reasons: Record<never, never>;
  readonly answers: Record<never, never>;
}
const { p } = (await new Perkbook<Two>({ baseUrl: 'https://perkbook.example' }).may({ user, action: 'a.do' })).values;
if (p !== undefined && 'limit' in p) {
  const most: number | null = p.limit;
  console.log(most, p.asked);
} else {
  const has: boolean | undefined = p?.included;
  console.log(has);
}
`;

/** Each of them with what the compiler says of it. */
const BAD: readonly (readonly [string, string, RegExp])[] = [
  [
    'an action',
    `club.may({ user, action: 'generation.creat', input: { loras: 6, width: 1, height: 1 } });`,
    /generation\.creat/,
  ],
  ['an input', `club.may({ user, action: 'generation.create', input: { lorras: 6, width: 1, height: 1 } });`, /lorras/],
  ['an input that is missing', `club.may({ user, action: 'generation.create', input: { loras: 6 } });`, /width|height/],
  ['no input at all', `club.may({ user, action: 'generation.create' });`, /input/],
  [
    'an input of another type',
    `club.may({ user, action: 'generation.create', input: { loras: '6', width: 1, height: 1 } });`,
    /number/,
  ],
  [
    'an input of an action without any',
    `club.may({ user, action: 'generation.turbo', input: { fast: true } });`,
    /fast/,
  ],
  ['a value that is not listed', `club.may({ user, action: 'avatar.upload', input: { format: 'giff' } });`, /giff/],
  ['no resource', `club.may({ user, action: 'model.use_early' });`, /resource/],
  ['another resource', `club.may({ user, action: 'model.use_early', resource: { type: 'modle' } });`, /modle/],
  [
    'an action among several',
    `club.mayAll([{ user, action: 'generation.turbo' }, { user, action: 'badge.shw' }]);`,
    /badge\.shw/,
  ],
  ['an action to consume', `club.consume({ user, action: 'lora.train', idempotencyKey: 'k' });`, /lora\.train/],
  ['a consume without a key', `club.consume({ user, action: 'lora.train_free' });`, /idempotencyKey/],
  ['a perk', `club.may({ user, action: 'generation.turbo' }).then((d) => d.values.turbo_mod);`, /turbo_mod/],
  [
    'a value of a perk',
    `club.may({ user, action: 'lora.train_free' }).then((d) => d.values.free_lora_training?.left);`,
    /left/,
  ],
  ['a perk of a member', `club.perks({ user }).then((p) => p.perks.private_model);`, /private_model/],
  ['a tier', `club.may({ user, action: 'badge.show' }).then((d) => d.tier === 'gold');`, /gold/],
  [
    'a reason',
    `club.may({ user, action: 'badge.show' }).then((d) => d.reason?.code === 'not_in_plann');`,
    /not_in_plann/,
  ],
  ['what a fallback lacks', `club.may({ user, action: 'badge.show' }).then((d) => d.id);`, /id/],
  [
    'an `orElse` of a consume',
    `club.consume({ user, action: 'lora.train_free', idempotencyKey: 'k' }, { orElse: 'allow' });`,
    /orElse/,
  ],
  ['an `orElse`', `club.may({ user, action: 'badge.show' }, { orElse: 'alow' });`, /alow/],
  [
    'an action of another rule set',
    `club.may({ user, action: 'document.read', resource: { type: 'document' } });`,
    /document\.read/,
  ],
  ['an action of a route', `requires('generation.turbbo');`, /generation\.turbbo/],
  ['a route without the resource', `requires('model.use_early');`, /arguments/],
  ['a route that says all but the resource', `requires('model.use_early', undefined, { orElse: 'deny' });`, /resource/],
  [
    'a route with another resource',
    `requires('model.use_early', undefined, { resource: () => ({ type: 'modle' }) as const });`,
    /modle/,
  ],
  ['a route without the input', `requires('generation.create');`, /arguments/],
  ['no user', `any.may({ action: 'whatever' });`, /user/],
  ['a part of a question', `club.may({ user, action: 'badge.show', amout: 3 });`, /amout/],
  [
    'an input of another action',
    `club.may({ user, action: 'generation.create', input: { loras: 6, width: 1, height: 1, packUsd: 5 } });`,
    /packUsd/,
  ],
  [
    'an action of which one needs an input',
    `club.may({ user, action: 'badge.show' as 'badge.show' | 'generation.create' });`,
    /generation\.create/,
  ],
  [
    'one more input among several',
    `club.mayAll([{ user, action: 'badge.show' }, { user, action: 'generation.create', input: { loras: 6, width: 1, height: 1, stepz: 3 } }]);`,
    /stepz/,
  ],
  [
    'an input of another action among several',
    `club.mayAll([{ user, action: 'generation.create', input: { loras: 6, width: 1, height: 1, packUsd: 3 } }]);`,
    /packUsd/,
  ],
  ['a part among several', `any.mayAll([{ user, action: 'whatever', amout: 3 }]);`, /amout/],
  ['one answer too many', `club.mayAll([{ user, action: 'badge.show' }]).then(([, second]) => second);`, /index '1'/],
  [
    'one more input to consume',
    `club.consume({ user, action: 'avatar.upload', input: { format: 'gif', size: 1 }, idempotencyKey: 'k' });`,
    /size/,
  ],
  [
    'one more input of a route',
    `requires('generation.create', () => ({ loras: 6, width: 1, height: 1, stepz: 3 }));`,
    /never/,
  ],
  [
    'one more input of a route, of any type',
    `requires('generation.create', ({ body }) => ({ loras: 6, width: 1, height: 1, stepz: body.stepz }));`,
    /never/,
  ],
  [
    'one more input of a route that waits',
    `requires('avatar.upload', async () => ({ format: 'gif' as const, size: 1 }));`,
    /size/,
  ],
  ['an input of a route', `requires('generation.create', () => ({ loras: 6, width: 1, heigth: 1 }));`, /height/],
  ['an input of a route whose action has none', `requires('generation.turbo', () => ({ fast: true }));`, /fast/],
  [
    'a route of an action of two rule sets, with an input of neither',
    `townRequires('item.view', () => ({ skku: 's-1' }));`,
    /sku/,
  ],
  [
    'an input of an action of two rule sets',
    `town.may({ user, action: 'item.view', input: { skku: 's-1' } });`,
    /skku/,
  ],
  [
    'an action of neither of two rule sets',
    `town.may({ user, action: 'item.vieww', input: { sku: 's-1' } });`,
    /vieww/,
  ],
  ['a perk of neither', `town.may({ user, action: 'item.buy' }).then((d) => d.values.view);`, /view/],
  ['a tier of neither', `town.may({ user, action: 'item.buy' }).then((d) => d.tier === 'silver');`, /silver/],
];

describe('a program that uses the generated types', () => {
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'perkbook-typed-'));
    mkdirSync(join(folder, 'node_modules'));
    // As installed: `perkbook/client` is found by the exports of the package.
    symlinkSync(ROOT, join(folder, 'node_modules/perkbook'));
    const { code, err } = await perkbook(['types', '--out', join(folder, 'rules.ts')]);
    expect(code, err).to.equal(0);
    writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
    writeFileSync(join(folder, 'good.ts'), GOOD);
    for (const [i, [, program]] of BAD.entries()) writeFileSync(join(folder, `bad-${i}.ts`), HEAD + program);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function compile(file: string | readonly string[], ...options: readonly string[]): string {
    const files = typeof file === 'string' ? [file] : file;
    const strict = [
      '--strict',
      '--noUncheckedIndexedAccess',
      '--exactOptionalPropertyTypes',
      '--skipLibCheck',
      'false',
    ];
    const given = [TSC, '--noEmit', ...strict, '--target', 'es2022', '--types', '', ...options, ...files];
    return spawnSync(process.execPath, given, { cwd: folder, encoding: 'utf8' }).stdout;
  }

  const NODE = ['--module', 'nodenext', '--lib', 'es2022,dom'];
  const BUNDLER = ['--module', 'esnext', '--moduleResolution', 'bundler', '--lib', 'es2022,dom'];

  it('compiles, for Node and for bundlers', () => {
    expect(compile('good.ts', ...NODE)).to.equal('');
    expect(compile('good.ts', ...BUNDLER)).to.equal('');
  });

  it('does not compile with anything mistyped in it', () => {
    const files = BAD.map((_, i) => `bad-${i}.ts`);
    // What is indented goes on with the error before it.
    const errors = compile(files, ...NODE).split(/\n(?=\S)/);
    for (const [i, [what, program, says]] of BAD.entries()) {
      const own = errors.filter((line) => line.startsWith(`bad-${i}.ts(`));
      expect(own.join('\n'), `${what}: ${program}`).to.match(says);
    }
  });
});
