import type { KeyStore } from '../../use-cases/keys/ports.ts';

/** Where a server with these settings keeps its keys. Each store is loaded only where it is used. Throws `KeyStoreUnreachable`. */
export async function openKeyStore({
  mongodbUri,
  data,
}: {
  readonly mongodbUri: string | undefined;
  readonly data: string;
}): Promise<KeyStore> {
  if (mongodbUri === undefined) return (await import('./embedded-keys.ts')).openEmbeddedKeys(data);
  return (await import('./mongo-keys.ts')).openMongoKeys({ uri: mongodbUri });
}
