import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { perkbook, ROOT } from '../cli/run.ts';

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const HEAD = `
import { Perkbook } from 'perkbook/client';
import { guard } from 'perkbook/express';
import type { Documents, PixaiMembership } from './rules.js';
const club = new Perkbook<PixaiMembership>({ baseUrl: 'https://perkbook.example' });
const both = new Perkbook<PixaiMembership & Documents>({ baseUrl: 'https://perkbook.example' });
const any = new Perkbook({ baseUrl: 'https://perkbook.example' });
const user = 'sam';
const requires = guard(club, { user: () => user });
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
const unknown = await any.may({ user, action: 'whatever', input: { a: 1 }, resource: { type: 't' } });
console.log(unknown.values.some_perk);
console.log(requires('generation.create', (req) => req.body), requires('generation.turbo'));
console.log(requires('model.use_early', undefined, { resource: (req) => ({ type: 'model', id: String(req.params.id) }) }), requires('generation.turbo', undefined, { orElse: 'deny' }));
console.log(guard(any, { user: () => user })('whatever'));
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
