import { openEmbeddedStore } from '../../src/stores/embedded/embedded-store.ts';
import { openMongoStore } from '../../src/stores/mongo/mongo-store.ts';
import type { MemberStore } from '../../src/use-cases/ports.ts';

/** Which data a store is opened on; plain JSON, so that it can be handed to another process. */
export type Target =
  | { readonly kind: 'embedded'; readonly folder: string }
  | { readonly kind: 'mongo'; readonly uri: string; readonly database: string };

export function openTarget(target: Target): Promise<MemberStore> {
  // Slow machines are not what these tests are about.
  const timeoutMs = 20_000;
  return target.kind === 'embedded'
    ? openEmbeddedStore({ folder: target.folder, timeoutMs })
    : openMongoStore({ uri: target.uri, database: target.database, timeoutMs });
}
