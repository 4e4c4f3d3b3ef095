import type { Config } from '../config/config.ts';
import { ownPlace } from '../config/own-place.ts';
import { SystemClock, TestClock } from '../http/clock.ts';
import type { LoadedRules } from '../http/deps.ts';
import { createServer, type StopOptions } from '../http/server.ts';
import { type Log, logger } from '../log/logger.ts';
import type { Sample } from '../metrics/metrics.ts';
import { withFactsCache } from '../stores/cache/facts-cache.ts';
import { lossCheck } from '../use-cases/impact/loss-check.ts';
import { type Clock, type MemberStore, StoreUnreachable } from '../use-cases/ports.ts';
import { Shadows } from '../use-cases/shadow/shadows.ts';
import { listen } from './listen.ts';
import { Meters, type OtherSamples, scraping } from './meters.ts';
import { observersOf } from './observers.ts';
import { openAccess } from './open-access.ts';
import { openDecisionLog } from './open-decision-log.ts';
import { openStore } from './open-store.ts';
import { openTracing } from './open-tracing.ts';
import { Opened } from './opened.ts';
import type { Print } from './print.ts';
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
  /** The metrics of this process, for those that it shares the work with. */
  readonly sample: () => Promise<Sample>;
  /** Whether nobody has to say who they are. */
  readonly isOpen: () => boolean;
  /** Answers what is under way, then closes the store. */
  close(options?: StopOptions): Promise<void>;
}

/** What those that share the work do for one another. */
export interface Shared {
  /** The metrics of the others. */
  readonly otherSamples: OtherSamples;
  /** Writes to stdout, for all of them. */
  readonly print: Print;
}

const LOG_EVERY_MS = 10_000;

/**
 * Rules, then the store with its cache, then the server. `shared`: where several processes do the work. Throws `StartError`; what was
 * opened before is closed then.
 */
export async function startServer(
  config: Config,
  log: Log = logger(config.logLevel),
  shared?: Shared,
): Promise<Started> {
  const opened = new Opened();
  const meters = new Meters();
  try {
    const testClock = config.testClock === undefined ? undefined : new TestClock(config.testClock);
    const clock = testClock ?? new SystemClock();
    const own = ownPlace(config);
    const ruleSets = await readRules(own, clock, log);
    opened.add(() => ruleSets.close());
    const stored = meters.storeCalls.timed(await openStore(config, log, { rules: ruleSets.live, clock }));
    opened.add(() => stored.close());
    const {
      members: store,
      facts,
      reads,
    } = withFactsCache(stored, {
      staleForMs: config.staleForMs,
      onError: logSometimes(log, () => stored.outages?.isDown === true),
    });
    const access = await openAccess(own, log);
    opened.add(() => access.close());
    const decisionLog = await openDecisionLog(own, log, shared?.print);
    opened.add(() => decisionLog.close());
    const measureImpact = measuringOf(config);
    const publishing = {
      ...ruleSets,
      clock,
      log,
      scenarioCheck: scenariosOf(config),
      lossCheck: config.maxLoss === undefined ? undefined : lossCheck(measureImpact, clock, config.maxLoss),
    };
    const { live: rules } = ruleSets;
    const { decisions, consumes, searches, flags, requests, storeCalls } = meters;
    const { sample, scrape } = scraping(
      {
        decisions,
        consumes,
        searches,
        flags,
        requests,
        storeCalls,
        facts: reads,
        outages: stored.outages,
        rules,
        clock,
        log: decisionLog.counts,
      },
      shared?.otherSamples,
    );
    // Known only when it listens: the port may be any.
    let listening: string | undefined;
    const { server, stop } = createServer({
      rules,
      publishing,
      measureImpact,
      shadows: new Shadows(clock),
      store,
      facts,
      clock,
      testClock,
      ...observersOf(config, log, meters, decisionLog.observers),
      decisionLog: decisionLog.access,
      scrape: config.metrics ? scrape : undefined,
      trace: await openTracing(),
      ...access.deps,
      publicUrl: config.publicUrl,
      listensOn: () => listening,
      log,
    });
    const address = await listen(server, config);
    listening = address;
    return {
      address,
      rules,
      store,
      clock,
      sample,
      isOpen: () => access.isOpen,
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

/** What fails with every read is said once in a while, and by the breaker where it knows of it. */
function logSometimes(log: Log, isDown: () => boolean): (error: unknown) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (error) => {
    const now = performance.now();
    if (now - last < LOG_EVERY_MS || (error instanceof StoreUnreachable && isDown())) return;
    last = now;
    log({ level: 'warn', message: `the member facts cannot be read: ${reasonOf(error)}` });
  };
}
