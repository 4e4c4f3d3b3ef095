import { existsSync } from 'node:fs';
import { didYouMean } from '../domain/did-you-mean.ts';
import { listed } from '../domain/listed.ts';
import { ConfigError } from './config.ts';
import { type Place, readConfigFile } from './config-file.ts';
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
 * `ConfigError` with all that is wrong, also with variables that are no settings; `looksForFiles`: and with files that are missing.
 */
export function readSettings(
  environment: Environment,
  { looksForFiles = false }: { readonly looksForFiles?: boolean } = {},
): ReadonlyMap<Setting<unknown>, Held> {
  const wrong: Wrong[] = [];
  for (const [name, value = ''] of Object.entries(environment)) {
    if (name.startsWith(PREFIX) && !isKnown(name) && !isServiceLink(name, value)) wrong.push({ text: unknown(name) });
  }
  const file = readConfigFile(environment.PERKBOOK_CONFIG || undefined, (text, place) => wrong.push({ text, place }));
  const held = new Map<Setting<unknown>, Held>();
  for (const setting of Object.values<Setting<unknown>>(SETTINGS)) {
    const variable = environment[setting.variable] || undefined;
    const written = file?.textOf(setting);
    const text = variable ?? written ?? setting.usual?.();
    const value = text === undefined ? undefined : setting.parse(text);
    const place = variable === undefined && written !== undefined ? file?.placeOf(setting) : undefined;
    const from = variable === undefined ? (place?.text ?? 'default') : setting.variable;
    if (text === undefined || value !== undefined) held.set(setting, { text, value, from });
    const what = place === undefined ? setting.variable : `\`${setting.key}\``;
    if (text !== undefined && value === undefined) {
      wrong.push({ text: `${what} ${shownOf(setting, text)}; expected ${setting.expected}`, place });
    } else if (looksForFiles && setting.isFile && text !== undefined && !existsSync(text)) {
      wrong.push({ text: `${what} is \`${text}\`, and there is no such file`, place });
    }
  }
  const missing = missingOfJwt((setting) => !held.has(setting) || held.get(setting)?.value !== undefined);
  const lines = [...inOrder(wrong), ...(missing === undefined ? [] : [missing])];
  if (lines.length > 0) throw new ConfigError(lines.join('\n'));
  return held;
}

interface Wrong {
  readonly text: string;
  /** Absent where it is not about the file. */
  readonly place?: Place | undefined;
}

/** What is not about the file comes first. */
function inOrder(wrong: readonly Wrong[]): readonly string[] {
  const rank = ({ place }: Wrong) => [place?.line ?? 0, place?.column ?? 0] as const;
  const sorted = [...wrong].sort((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1]);
  return sorted.map(({ text, place }) => (place === undefined ? text : `${place.text} ${text}`));
}

/** What is wrong in the text, of a list only that; what may not be shown stays out of messages, too. */
function shownOf({ mask, item }: Setting<unknown>, text: string): string {
  const shown = mask === undefined ? text : mask(text);
  if (shown === undefined) return 'is not understood';
  const items = text.split(',').map((each) => each.trim());
  // Of one with a secret nobody knows where it ends.
  if (item === undefined || shown !== text || items.length === 1) return `is \`${shown.slice(0, 256)}\``;
  const wrong = items.filter((each) => item(each) === undefined).map((each) => each.slice(0, 256));
  return `has ${listed(wrong, 'and')}`;
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
