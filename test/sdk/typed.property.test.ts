import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import type { RuleFile } from '../../src/generated/rule-file.ts';
import { ruleSetAsTypescript, typeNameOf } from '../../src/rules/rule-set-as-typescript.ts';
import { ROOT } from '../cli/run.ts';

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
/** What a program may have around a type of its own: all that is global, and the types that TypeScript adds. */
const GLOBALS = [
  ...Object.getOwnPropertyNames(globalThis),
  ...['Record', 'Readonly', 'ReadonlyArray', 'Partial', 'Pick', 'Omit', 'Extract', 'Exclude', 'Uppercase', 'Awaited'],
].filter((name) => /^[A-Z][A-Za-z0-9]*$/.test(name));
/** `ReadonlyArray` → `readonly-array`, whose type has this name again. */
const idOf = (name: string) =>
  name.replace(/^./, (c) => c.toLowerCase()).replaceAll(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

const ruleSet = fc.oneof(
  fc.constantFrom(...GLOBALS.map(idOf)),
  fc.stringMatching(/^[a-z][a-z0-9]{0,4}(-[a-z0-9]{1,3}){0,2}$/),
);
const id = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/),
  fc.constantFrom('record', 'default', 'enum', 'readonly'),
);
const inputName = fc.oneof(fc.stringMatching(/^[A-Za-z]\w{0,8}$/), fc.constantFrom('constructor', 'Array', 'class'));
const title = fc.string({ unit: 'grapheme', maxLength: 12 });
const word = fc.oneof(title, fc.constantFrom("it's", 'a\nb', '*/', '\\', '\u2028', '`'));
const input = fc.oneof(
  fc.record({ title, type: fc.constantFrom('integer', 'number', 'string', 'boolean') }),
  fc.record({ enum: fc.array(word, { minLength: 1, maxLength: 3 }), default: fc.constantFrom('x', undefined) }),
);
const few = <T>(keys: fc.Arbitrary<string>, values: fc.Arbitrary<T>) => fc.dictionary(keys, values, { maxKeys: 3 });
const perk = fc.oneof(
  fc.record({ title, kind: fc.constantFrom('switch', 'quota'), echoes: few(inputName, fc.constant('input.x')) }),
  fc.record({
    title,
    kind: fc.constant('limit'),
    of: fc.oneof(fc.constant('input.x'), few(inputName, fc.constant('input.x'))),
  }),
);
const actions = few(
  id,
  fc.record({ title, input: few(inputName, input), resource: fc.oneof(id, fc.constant(undefined)) }),
);
const ruleFile = fc.record({
  ruleSet,
  title,
  actions,
  perks: few(id, perk),
  tiers: few(id, fc.record({ title })),
  rules: few(id, fc.record({ checks: fc.array(fc.record({ deny: id })), answers: few(inputName, fc.constant([])) })),
}) as unknown as fc.Arbitrary<RuleFile>;

describe('the types of any rule set', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'perkbook-types-of-any-'));
    writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** What the compiler says of these rule sets, each in a file of its own, as what the client takes. */
  function compile(files: readonly RuleFile[]): string {
    const names = files.map((file, i) => {
      const types = join(ROOT, 'dist/src/sdk/rule-set-types.js');
      const name = typeNameOf(file.ruleSet);
      const used = `import type { RuleSetTypes as Ours } from '${types}';\nexport const asked = (of: ${name}): Ours => of;\n`;
      writeFileSync(join(folder, `r${i}.ts`), ruleSetAsTypescript(file) + used);
      return `r${i}.ts`;
    });
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2022,dom'];
    const given = [TSC, ...options, '--skipLibCheck', 'false', '--types', '', ...names];
    return spawnSync(process.execPath, given, { cwd: folder, encoding: 'utf8' }).stdout;
  }

  it('compile, also where it is called like something that is everywhere', () => {
    const empty = { title: 'Empty', actions: {} } as unknown as RuleFile;
    expect(compile(GLOBALS.map((name) => ({ ...empty, ruleSet: idOf(name) })))).to.equal('');
  });

  it('compile, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(ruleFile, { minLength: 40, maxLength: 40 }), (files) => {
        expect(compile(files)).to.equal('');
      }),
      { numRuns: 3, endOnFailure: true },
    );
  });
});
