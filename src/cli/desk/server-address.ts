import { WrongUse } from '../frame/errors.ts';

/** The address of a server as the user wrote it, without the slash at its end. */
export function serverAddress(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new WrongUse(`\`${url}\` is no address of a server; write it like \`http://127.0.0.1:8080\``);
  }
  const address = url.replace(/\/+$/, '');
  if (address.endsWith('/v1'))
    throw new WrongUse(`the address of a server is without \`/v1\`: \`${address.slice(0, -3)}\``);
  return address;
}

/** The header that says who asks; none without a key. */
export function credentials(apiKey: string | undefined): Readonly<Record<string, string>> {
  return apiKey === undefined || apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` };
}
