import type { Config } from '../../../src/config/config.ts';
import { type Got, type Running, run } from '../running.ts';

type Headers = Readonly<Record<string, string>>;

export interface Keys {
  /** May do everything. */
  readonly admin: Headers;
  /** Makes a key; the header that sends it. */
  key(scopes: readonly string[], more?: object): Promise<Headers>;
}

export type Keyed = Running & Keys;

/** A server with a key, so that everybody has to have one. */
export async function runWithKeys(config: Partial<Config> = {}): Promise<Keyed> {
  return withKeys(await run(config, () => {}));
}

/** Makes the first key of a server. */
export async function withKeys<T extends Running>(server: T): Promise<T & Keys> {
  const made = async (name: string, scopes: readonly string[], more: object, by: Headers) =>
    bearer(textOf(await server.post('/v1/keys', { name, scopes, ...more }, by)));
  const admin = await made('first', ['admin'], {}, {});
  return { ...server, admin, key: (scopes, more = {}) => made('test', scopes, more, admin) };
}

export function bearer(text: string): Headers {
  return { Authorization: `Bearer ${text}` };
}

/** The id of the key in such a header. */
export function idIn({ Authorization = '' }: Headers): string {
  return Authorization.slice(7, 20);
}

function textOf({ status, json, text }: Got): string {
  if (status !== 201) throw new Error(`the key was not made: ${text}`);
  return json.key;
}
