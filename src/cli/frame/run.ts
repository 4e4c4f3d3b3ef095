import { didYouMean } from '../../domain/did-you-mean.ts';
import { Problem } from '../../domain/problem.ts';
import { ownVersion } from '../../package/own-version.ts';
import { COMMANDS, OVER_HTTP } from '../commands.ts';
import type { Command } from './command.ts';
import { type ExitCode, HasFindings, NotDone, WrongUse } from './errors.ts';
import { commandHelp, generalHelp } from './help.ts';
import type { Terminal } from './terminal.ts';

/** Runs the command that the arguments name. Never throws: what went wrong is on stderr, and the exit code. */
export async function runCommandLine(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = argv;
  try {
    return await run(name, rest, terminal);
  } catch (error) {
    return report(error, name, terminal);
  }
}

async function run(name: string | undefined, rest: readonly string[], terminal: Terminal): Promise<ExitCode> {
  switch (name) {
    case undefined:
      terminal.err(generalHelp(terminal));
      return 2;
    case '--help':
    case '-h':
      terminal.out(generalHelp(terminal));
      return 0;
    case 'help':
      terminal.out(rest[0] === undefined ? generalHelp(terminal) : commandHelp(await commandNamed(rest[0]), terminal));
      return 0;
    case '--version':
    case '-v':
      terminal.out(`${ownVersion()}\n`);
      return 0;
    default: {
      const command = await commandNamed(name);
      if (asksForHelp(rest)) {
        terminal.out(commandHelp(command, terminal));
        return 0;
      }
      return await command.run(rest, terminal);
    }
  }
}

async function commandNamed(name: string): Promise<Command> {
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry !== undefined) return entry.load();
  const route = Object.hasOwn(OVER_HTTP, name) ? OVER_HTTP[name] : undefined;
  if (route !== undefined) throw new WrongUse(`there is no command \`${name}\`: ${route}`);
  if (name.startsWith('-')) throw new WrongUse(`the command comes first, and \`${name}\` is none`);
  throw new WrongUse(`there is no command \`${name}\``, didYouMean(name, [...Object.keys(COMMANDS), 'help']));
}

function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? argv.length : end).some((word) => word === '--help' || word === '-h');
}

function report(error: unknown, name: string | undefined, terminal: Terminal): ExitCode {
  if (error instanceof HasFindings) return 1;
  const red = terminal.errColours.red('perkbook:');
  if (error instanceof WrongUse || error instanceof Problem) {
    const hint = error.didYouMean === undefined ? '' : `; did you mean \`${error.didYouMean}\`?`;
    const known = name !== undefined && Object.hasOwn(COMMANDS, name);
    terminal.err(`${red} ${error.message}${hint}\n`);
    terminal.err(terminal.errColours.dim(`see \`perkbook ${known ? `${name} ` : ''}--help\`\n`));
    return 2;
  }
  const message = error instanceof Error ? error.message : String(error);
  const unexpected = !(error instanceof NotDone);
  terminal.err(`${red} ${unexpected ? 'unexpected: ' : ''}${message.replaceAll('\n', '; ')}\n`);
  const wantsStack = terminal.environment.DEBUG?.includes('perkbook') === true;
  if (unexpected && wantsStack && error instanceof Error) terminal.err(`${error.stack}\n`);
  return 70;
}
