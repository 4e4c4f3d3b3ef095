import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export const AUDIENCE = 'perkbook';

/** Somebody who issues tokens, and publishes the keys for them. */
export interface Issuer {
  readonly url: string;
  readonly jwksUrl: string;
  /** How often the keys were asked for. */
  readonly fetches: () => number;
  /** What is published from now on; undefined: an error. */
  publish(keys: readonly JWK[] | undefined): void;
  /** What answers from now on in place of it; undefined: what is published. */
  answerBy(listener: RequestListener | undefined): void;
  readonly keys: readonly JWK[];
  /** A token that is right in everything that is not said. */
  token(claims?: Readonly<Record<string, unknown>>, signed?: Partial<Signed>): Promise<string>;
  close(): Promise<void>;
}

export interface Signed {
  readonly key: CryptoKey | Uint8Array;
  readonly alg: string;
  readonly kid: string;
}

export async function newKey(kid: string, alg = 'ES256'): Promise<Signed & { readonly jwk: JWK }> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { key: privateKey, alg, kid, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

export async function issuer(): Promise<Issuer> {
  const first = await newKey('first');
  let published: readonly JWK[] | undefined = [first.jwk];
  let answering: RequestListener | undefined;
  let fetches = 0;
  const server = createServer((request, response) => {
    fetches++;
    if (answering !== undefined) {
      answering(request, response);
      return;
    }
    response.writeHead(published === undefined ? 503 : 200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    jwksUrl: `${url}/jwks.json`,
    fetches: () => fetches,
    publish: (keys) => {
      published = keys;
    },
    answerBy: (listener) => {
      answering = listener;
    },
    keys: [first.jwk],
    token: (claims = {}, signed = {}) => {
      const { key, alg, kid } = { ...first, ...signed };
      const now = Math.floor(Date.now() / 1000);
      const usual = { iss: url, aud: AUDIENCE, sub: 'shop', scope: 'decide', exp: now + 300 };
      // As JSON, which leaves out what is undefined.
      return new SignJWT(JSON.parse(JSON.stringify({ ...usual, ...claims })))
        .setProtectedHeader({ alg, kid })
        .sign(key);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
