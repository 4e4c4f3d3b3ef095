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
  for (const [name, value = ''] of Object.entries(environment)) {
    if (name.startsWith(PREFIX) && !isKnown(name) && !isServiceLink(name, value)) wrong.push(unknown(name));
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
    const shown = setting.mask === undefined ? text : setting.mask(text);
    const said = shown === undefined ? 'not understood' : `\`${shown.slice(0, 256)}\``;
    const what = variable === undefined ? `${place} \`${setting.key}\`` : setting.variable;
    wrong.push(`${what} is ${said}; expected ${setting.expected}`);
  }
  const missing = missingOfJwt((setting) => !held.has(setting) || held.get(setting)?.value !== undefined);
  if (missing !== undefined) wrong.push(missing);
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
  return held;
}

/** All three or none: a bearer of which one of them is not checked could be anybody's. */
function missingOfJwt(isSet: (setting: Setting<unknown>) => boolean): string | undefined {
  const parts: readonly Setting<unknown>[] = [SETTINGS.jwtIssuer, SETTINGS.jwtAudience, SETTINGS.jwtJwksUrl];
  const missing = parts.filter((each) => !isSet(each)).map(({ variable, key }) => `${variable} (\`${key}\`)`);
  if (missing.length === 0 || missing.length === parts.length) return undefined;
  return `bearers need an issuer, an audience and a JWKS address: set ${missing.join(' and ')}, too`;
}

function isKnown(name: string): boolean {
  return (
    (OTHER_VARIABLES as readonly string[]).includes(name) ||
    Object.values(SETTINGS).some(({ variable }) => variable === name)
  );
}

/** For `PERKBOOK_PORT`, which looks like a setting, the value has to say that it is none. */
const LINKS = [
  /^PERKBOOK(_[A-Z\d_]+)?_SERVICE_(HOST|PORT(_[A-Z\d_]+)?)$/,
  /^PERKBOOK(_[A-Z\d_]+)?_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/,
];
const LINK = /^PERKBOOK(_[A-Z\d_]+)?_PORT$/;
const LINK_VALUE = /^(tcp|udp|sctp):\/\//;

/** What Kubernetes sets in every pod beside a Service whose name begins with `perkbook`: not meant for anybody. */
function isServiceLink(name: string, value: string): boolean {
  return LINKS.some((link) => link.test(name)) || (LINK.test(name) && LINK_VALUE.test(value));
}

function unknown(name: string): string {
  const variables = [...Object.values(SETTINGS).map(({ variable }) => variable), ...OTHER_VARIABLES];
  // Compared without the prefix, which would make everything look alike.
  const shorts = new Map(variables.map((variable) => [variable.replace(PREFIX, ''), variable]));
  const short = name.slice(PREFIX.length);
  const meant = shorts.has(short) ? short : didYouMean(short, shorts.keys());
  return `${name} is no setting of Perkbook${meant === undefined ? '' : `; did you mean ${shorts.get(meant)}?`}`;
}
