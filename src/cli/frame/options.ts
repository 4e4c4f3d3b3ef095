import { parseArgs } from 'node:util';
import { didYouMean } from '../../domain/did-you-mean.ts';
import { UnknownOption, WrongUse } from './errors.ts';

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** May be given more than once. */
  readonly multiple?: boolean;
  /** What stands for the value in the help: `<file>`. */
  readonly value?: string;
  readonly says: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** The values of the options that a command declares: a text, texts, or whether it was given. */
export type OptionValues<Specs extends OptionSpecs> = {
  readonly [Name in keyof Specs]: Specs[Name] extends { readonly type: 'boolean' }
    ? boolean
    : Specs[Name] extends { readonly multiple: true }
      ? readonly string[]
      : string | undefined;
};

export interface Arguments<Specs extends OptionSpecs> {
  readonly options: OptionValues<Specs>;
  readonly words: readonly string[];
}

/** Reads options by their declaration. Throws `WrongUse` for what is unknown, lacks its value or is given twice. */
export function parseOptions<Specs extends OptionSpecs>(argv: readonly string[], specs: Specs): Arguments<Specs> {
  const { tokens } = parseArgs({
    args: [...argv],
    // Not `strict`: its messages are the library's own, and it knows no near miss.
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(Object.entries(specs).map(([name, { type }]) => [name, { type }])),
  });
  const values = new Map<string, boolean | string | string[]>();
  for (const [name, spec] of Object.entries(specs)) {
    if (spec.type === 'boolean') values.set(name, false);
    else if (spec.multiple === true) values.set(name, []);
  }
  const words: string[] = [];
  const given = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined;
    if (spec === undefined) throw unknownOption(token.rawName, Object.keys(specs));
    if (given.has(token.name) && spec.multiple !== true) throw new WrongUse(`\`--${token.name}\` is given twice`);
    given.add(token.name);
    if (spec.type === 'boolean') {
      if (token.value !== undefined) throw new WrongUse(`\`--${token.name}\` takes no value`);
      values.set(token.name, true);
      continue;
    }
    const value = givenValue(token, spec);
    const before = values.get(token.name);
    if (Array.isArray(before)) before.push(value);
    else values.set(token.name, value);
  }
  return { options: Object.fromEntries(values) as OptionValues<Specs>, words };
}

function givenValue(
  {
    name,
    value,
    inlineValue,
  }: { readonly name: string; readonly value?: string | undefined; readonly inlineValue?: boolean | undefined },
  spec: OptionSpec,
): string {
  const shown = `--${name} ${spec.value ?? '<value>'}`;
  if (value === undefined || value === '') throw new WrongUse(`\`--${name}\` needs a value: \`${shown}\``);
  // `--at --json` forgot the value; one that really begins so is written with `=`.
  if (inlineValue !== true && value.startsWith('-')) {
    throw new WrongUse(
      `\`--${name}\` needs a value, and \`${value}\` looks like an option; write \`--${name}=${value}\``,
    );
  }
  return value;
}

function unknownOption(written: string, known: readonly string[]): UnknownOption {
  const meant = didYouMean(written.replace(/^-+/, ''), [...known, 'help']);
  return new UnknownOption(written, meant === undefined ? undefined : `--${meant}`);
}
