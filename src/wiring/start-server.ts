import type { Config } from '../config.ts';
import { SystemClock, TestClock } from '../http/clock.ts';
import type { LoadedRules } from '../http/deps.ts';
import { logToStderr } from '../http/log.ts';
import { createServer, type StopOptions } from '../http/server.ts';
import { withFactsCache } from '../stores/cache/facts-cache.ts';
import { lossCheck } from '../use-cases/impact/loss-check.ts';
import type { Clock, MemberStore } from '../use-cases/ports.ts';
import { Shadows } from '../use-cases/shadow/shadows.ts';
import { listen } from './listen.ts';
import { openStore } from './open-store.ts';
import { Opened } from './opened.ts';
import { measuringOf, scenariosOf } from './publishing-checks.ts';
import { readRules } from './read-rules.ts';
import { reasonOf } from './start-error.ts';

/** A server that answers. */
export interface Started {
  /** `http://127.0.0.1:8080` */
  readonly address: string;
  readonly rules: LoadedRules;
  readonly store: MemberStore;
  readonly clock: Clock;
  /** Answers what is under way, then closes the store. */
  close(options?: StopOptions): Promise<void>;
}

const LOG_EVERY_MS = 10_000;

/** Writes one line about something that is worth knowing. */
export type Log = (entry: Readonly<Record<string, unknown>>) => void;

/** Rules, then the store with its cache, then the server. Throws `StartError`; what was opened before is closed then. */
export async function startServer(config: Config, log: Log = logToStderr): Promise<Started> {
  const opened = new Opened();
  try {
    const ruleSets = await readRules(config, log);
    opened.add(() => ruleSets.close());
    const stored = await openStore(config);
    opened.add(() => stored.close());
    const { members: store, facts } = withFactsCache(stored, {
      staleForMs: config.staleForMs,
      onError: logSometimes(),
    });
    const testClock = config.testClock === undefined ? undefined : new TestClock(config.testClock);
    const clock = testClock ?? new SystemClock();
    const measureImpact = measuringOf(config);
    const publishing = {
      ...ruleSets,
      clock,
      log,
      scenarioCheck: scenariosOf(config),
      lossCheck: config.maxLoss === undefined ? undefined : lossCheck(measureImpact, clock, config.maxLoss),
    };
    const { live: rules } = ruleSets;
    const { server, stop } = createServer({
      rules,
      publishing,
      measureImpact,
      shadows: new Shadows(clock),
      store,
      facts,
      clock,
      testClock,
      publicUrl: config.publicUrl,
      log,
    });
    const address = await listen(server, config);
    return {
      address,
      rules,
      store,
      clock,
      close: async (options) => {
        await stop(options);
        await opened.close();
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** A store that is down fails with every read; one line in a while says it. */
function logSometimes(): (error: unknown) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (error) => {
    const now = performance.now();
    if (now - last < LOG_EVERY_MS) return;
    last = now;
    logToStderr({ level: 'warn', message: `the member facts cannot be read: ${reasonOf(error)}` });
  };
}
