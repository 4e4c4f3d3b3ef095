import { didYouMean } from '../domain/did-you-mean.ts';
import { ConfigError } from './config.ts';
import { readConfigFile } from './config-file.ts';
import { OTHER_VARIABLES, SETTINGS, type Setting } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting as it holds. */
export interface Held {
  /** Undefined where nobody has set it, and nothing holds then. */
  readonly text: string | undefined;
  readonly value: unknown;
  /** `default`, the name of a variable, or a place in the file. */
  readonly from: string;
}

const PREFIX = 'PERKBOOK_';

/**
 * What holds of each setting: the variable, else the line of the file, else the default. An empty variable counts as absent. Throws
 * `ConfigError` with all that is wrong, also with variables that are no settings.
 */
export function readSettings(environment: Environment): ReadonlyMap<Setting<unknown>, Held> {
  const wrong: string[] = [];
  for (const name of Object.keys(environment)) {
    if (name.startsWith(PREFIX) && !isKnown(name)) wrong.push(unknown(name));
  }
  const file = readConfigFile(environment.PERKBOOK_CONFIG || undefined, (line) => wrong.push(line));
  const held = new Map<Setting<unknown>, Held>();
  for (const setting of Object.values<Setting<unknown>>(SETTINGS)) {
    const variable = environment[setting.variable] || undefined;
    const written = file?.textOf(setting);
    const text = variable ?? written ?? setting.usual?.();
    const value = text === undefined ? undefined : setting.parse(text);
    const place = written === undefined ? 'default' : (file?.placeOf(setting) ?? '');
    const from = variable === undefined ? place : setting.variable;
    if (text === undefined || value !== undefined) {
      held.set(setting, { text, value, from });
      continue;
    }
    // What may not be shown stays out of messages, too.
    const said = setting.mask === undefined ? `\`${text.slice(0, 256)}\`` : 'not understood';
    const what = variable === undefined ? `${place} \`${setting.key}\`` : setting.variable;
    wrong.push(`${what} is ${said}; expected ${setting.expected}`);
  }
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  return held;
}

function isKnown(name: string): boolean {
  return (
    (OTHER_VARIABLES as readonly string[]).includes(name) ||
    Object.values(SETTINGS).some(({ variable }) => variable === name)
  );
}

function unknown(name: string): string {
  const variables = [...Object.values(SETTINGS).map(({ variable }) => variable), ...OTHER_VARIABLES];
  // Compared without the prefix, which would make everything look alike.
  const shorts = new Map(variables.map((variable) => [variable.replace(PREFIX, ''), variable]));
  const short = name.slice(PREFIX.length);
  const meant = shorts.has(short) ? short : didYouMean(short, shorts.keys());
  return `${name} is no setting of Perkbook${meant === undefined ? '' : `; did you mean ${shorts.get(meant)}?`}`;
}
