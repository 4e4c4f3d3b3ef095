import { COMMAND_GROUPS, COMMANDS } from '../commands.ts';
import type { Command } from './command.ts';
import type { OptionSpec } from './options.ts';
import type { Terminal } from './terminal.ts';

/** All commands, a line each. Loads none of them. */
export function generalHelp({ colours }: Terminal): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const groups = Object.entries(COMMAND_GROUPS).flatMap(([title, commands]) => [
    '',
    colours.bold(title),
    ...table(
      Object.entries(commands).map(([name, { says }]) => [name, says]),
      width,
    ),
  ]);
  return [
    'The rule book of a membership: may user X do Y?',
    '',
    `${colours.bold('usage')}  perkbook <command> [options]`,
    ...groups,
    '',
    'perkbook <command> --help says more; perkbook --version is the version.',
    'exit codes: 0 fine, 1 findings, 2 wrong use, 70 it could not be done.',
    '',
  ].join('\n');
}

export function commandHelp({ usage, says, options, example, notes }: Command, { colours }: Terminal): string {
  const rows = [
    ...Object.entries(options).map(([name, option]) => [optionText(name, option), option.says] as const),
    ['--help', 'this text'] as const,
  ];
  return [
    says,
    '',
    `${colours.bold('usage')}  perkbook ${usage} [options]`,
    '',
    colours.bold('options'),
    ...table(rows, Math.max(...rows.map(([name]) => name.length))),
    ...(notes === undefined ? [] : ['', notes]),
    '',
    colours.bold('example'),
    `  ${example}`,
    '',
  ].join('\n');
}

function optionText(name: string, { type, value }: OptionSpec): string {
  return type === 'boolean' ? `--${name}` : `--${name} ${value ?? '<value>'}`;
}

function table(rows: readonly (readonly [string, string])[], width: number): readonly string[] {
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
