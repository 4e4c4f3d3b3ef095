import { formatInstant } from '../../domain/instant.ts';
import type { Deps } from '../deps.ts';
import { json, type Reply } from '../outgoing/reply.ts';
import type { Route } from '../route.ts';
import { newestOf } from './rule-sets.ts';

/** A store that does not answer within this is not ready, whatever it would have said. */
const PING_WITHIN_MS = 2_000;

export function healthRoutes(deps: Deps, stopping: () => boolean): readonly Route[] {
  return [
    { method: 'GET', path: '/healthz', scope: null, answer: () => json(200, { status: 'alive' }) },
    { method: 'GET', path: '/readyz', scope: null, answer: () => ready(deps, stopping()) },
  ];
}

/** 200 only when rules are loaded and the store answers. Files that could not be loaded are shown, and do not make it unready. */
async function ready(deps: Deps, stopping: boolean): Promise<Reply> {
  const { book, findings, loads } = deps.rules;
  const ruleSets = [...book.ruleSets.values()].map((ruleSet) => {
    const { ref, from } = newestOf(ruleSet);
    return { id: ruleSet.id, version: ref.version, digest: ref.digest, from: formatInstant(from) };
  });
  const store = await storeState(deps);
  const isReady = ruleSets.length > 0 && store === 'ok' && !stopping;
  const status = isReady ? 'ready' : stopping ? 'stopping' : 'not_ready';
  const shown = { status, ruleSets, findings, ...(loads === undefined ? {} : { ruleLoads: loads }), store };
  return isReady ? json(200, shown) : json(503, shown, { 'Retry-After': '1' });
}

async function storeState({ store }: Deps): Promise<'ok' | 'unreachable'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'unreachable'>((resolve) => {
    timer = setTimeout(() => resolve('unreachable'), PING_WITHIN_MS);
  });
  try {
    return await Promise.race([store.ping().then(() => 'ok' as const), late]);
  } catch {
    return 'unreachable';
  } finally {
    clearTimeout(timer);
  }
}
