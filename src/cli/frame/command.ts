import type { ExitCode } from './errors.ts';
import { type Arguments, type OptionSpecs, parseOptions } from './options.ts';
import type { Terminal } from './terminal.ts';
import { checkWords } from './words.ts';

/** A command as its file declares it. */
export interface CommandSpec<Specs extends OptionSpecs> {
  /** What comes after `perkbook`, without the options: `ask <user> <action>`; `[optional]`, `[many…]`. */
  readonly usage: string;
  readonly says: string;
  readonly options: Specs;
  readonly example: string;
  /** Further lines of the help. */
  readonly notes?: string;
  run(given: Arguments<Specs>, terminal: Terminal): Promise<ExitCode>;
}

/** A command without the types of its options. */
export interface Command {
  readonly usage: string;
  readonly says: string;
  readonly options: OptionSpecs;
  readonly example: string;
  readonly notes: string | undefined;
  run(argv: readonly string[], terminal: Terminal): Promise<ExitCode>;
}

export function command<const Specs extends OptionSpecs>(spec: CommandSpec<Specs>): Command {
  return {
    usage: spec.usage,
    says: spec.says,
    options: spec.options,
    example: spec.example,
    notes: spec.notes,
    run: async (argv, terminal) => {
      const given = await optionsIn(argv, spec.options);
      checkWords(given.words, spec.usage);
      return spec.run(given, terminal);
    },
  };
}

async function optionsIn<Specs extends OptionSpecs>(argv: readonly string[], specs: Specs): Promise<Arguments<Specs>> {
  try {
    return parseOptions(argv, specs);
  } catch (error) {
    // The settings are loaded only where somebody needs to be told of them.
    const { withSettingMeant } = await import('./setting-meant.ts');
    throw withSettingMeant(error);
  }
}
