import { formatInstant } from '../../domain/instant.ts';
import type { ApiAlive } from '../../generated/answers/operation/alive.ts';
import type { ApiReady } from '../../generated/answers/operation/ready.ts';
import type { Version } from '../../rules/rule-set.ts';
import { scheduledVersions, versionInForce } from '../../rules/version-in-force.ts';
import type { Deps } from '../deps.ts';
import { json, type Reply } from '../outgoing/reply.ts';
import type { Route } from '../route.ts';

/** A store that does not answer within this is not ready, whatever it would have said. */
const PING_WITHIN_MS = 2_000;

export function healthRoutes(deps: Deps, stopping: () => boolean): readonly Route[] {
  return [
    { method: 'GET', path: '/healthz', scope: null, answer: () => json(200, { status: 'alive' } satisfies ApiAlive) },
    { method: 'GET', path: '/readyz', scope: null, answer: () => ready(deps, stopping()) },
  ];
}

/**
 * 200 only when rules are loaded, the store answers and somebody could be let in. Files that could not be loaded, and keys that could
 * not be read anew, are shown, and do not make it unready.
 */
async function ready(deps: Deps, stopping: boolean): Promise<Reply> {
  const { book, findings, loads } = deps.rules;
  const now = deps.clock.now();
  const ruleSets = [...book.ruleSets.values()].map((ruleSet) => {
    const scheduled = scheduledVersions(ruleSet, now).map(shownVersion);
    return {
      id: ruleSet.id,
      ...shownVersion(versionInForce(ruleSet, now)),
      ...(scheduled.length === 0 ? {} : { scheduled }),
    };
  });
  const store = await storeState(deps);
  const isReady = ruleSets.length > 0 && store === 'ok' && (deps.letsIn?.() ?? true) && !stopping;
  const status = isReady ? 'ready' : stopping ? 'stopping' : 'not_ready';
  const unread = deps.apiKeys?.live.unreadSince;
  const shown: ApiReady = {
    status,
    ruleSets,
    findings,
    ...(loads === undefined ? {} : { ruleLoads: loads }),
    store,
    ...(unread === undefined ? {} : { keysUnreadSince: formatInstant(unread) }),
  };
  return isReady ? json(200, shown) : json(503, shown, { 'Retry-After': '1' });
}

function shownVersion({ ref, from }: Version) {
  return { version: ref.version, digest: ref.digest, from: formatInstant(from) };
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
