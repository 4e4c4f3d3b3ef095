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

/** Why a request failed: `fetch` itself only says that it did. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}

/** The header that says who asks; none without a key. */
export function credentials(apiKey: string | undefined): Readonly<Record<string, string>> {
  return apiKey === undefined || apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` };
}
