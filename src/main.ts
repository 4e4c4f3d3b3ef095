import type { Server } from 'node:http';
import { availableParallelism } from 'node:os';
import { type Config, ConfigError, configFrom } from './config.ts';
import { SystemClock, TestClock } from './http/clock.ts';
import type { LoadedRules } from './http/deps.ts';
import { logToStderr } from './http/log.ts';
import { createServer, type StopOptions } from './http/server.ts';
import { NoRules } from './rule-sets/live-rules.ts';
import { type OpenRules, openRules } from './rule-sets/open-rules.ts';
import { withFactsCache } from './stores/cache/facts-cache.ts';
import { fewAtOnce } from './use-cases/impact/few-at-once.ts';
import { lossCheck } from './use-cases/impact/loss-check.ts';
import type { MeasureImpact } from './use-cases/impact/ports.ts';
import { type Clock, type MemberStore, RuleStoreUnreachable } from './use-cases/ports.ts';
import type { ScenarioCheck } from './use-cases/rule-sets/ports.ts';
import { Shadows } from './use-cases/shadow/shadows.ts';

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

/** Why a server could not be started, in words for whoever starts it. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** How long callers may go on with a connection that the server, once told to stop, would like to be closed. */
const IDLE_GRACE_MS = 500;
/** npm passes on a signal that the terminal has sent to everybody already: two so close together are one. */
const SAME_SIGNAL_MS = 250;
const LOG_EVERY_MS = 10_000;

/** Writes one line about something that is worth knowing. */
export type Log = (entry: Readonly<Record<string, unknown>>) => void;

/** Rules, then the store with its cache, then the server. Throws `StartError`. */
export async function startServer(config: Config, log: Log = logToStderr): Promise<Started> {
  const opened = await readRules(config, log);
  const { live: rules } = opened;
  const store = await openStore(config).catch(async (error: unknown) => {
    await opened.close();
    throw error;
  });
  const { members, facts } = withFactsCache(store, { onError: logSometimes() });
  const testClock = config.testClock === undefined ? undefined : new TestClock(config.testClock);
  const clock = testClock ?? new SystemClock();
  const measureImpact = measuringOf(config);
  const publishing = {
    ...opened,
    clock,
    log,
    scenarioCheck: scenariosOf(config),
    lossCheck: config.maxLoss === undefined ? undefined : lossCheck(measureImpact, clock, config.maxLoss),
  };
  const shadows = new Shadows(clock);
  const deps = { rules, publishing, measureImpact, shadows, store: members, facts, clock, testClock, log };
  const { server, stop } = createServer(deps);
  try {
    const address = await listen(server, config);
    return {
      address,
      rules,
      store: members,
      clock,
      close: async (options) => {
        await stop(options);
        await opened.close();
        await members.close();
      },
    };
  } catch (error) {
    await opened.close();
    await members.close();
    throw error;
  }
}

/**
 * A server as a program: reads the environment, says where it answers, and stops gracefully on SIGTERM and SIGINT. Resolves when it
 * answers; ends the process with code 1 when it cannot. `samples`: whether an empty embedded store gets sample members.
 */
export async function runServer({ samples }: { readonly samples: boolean }): Promise<void> {
  try {
    const config = configFrom(process.env);
    const started = await startServer(config);
    stopOnSignal(started);
    process.stdout.write(`${greeting(started, config)}\n`);
    if (samples && config.samples && config.mongodbUri === undefined) await showSamples(started, config);
  } catch (error) {
    if (!(error instanceof StartError || error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

function greeting({ address, rules }: Started, { mongodbUri, data, testClock }: Config): string {
  const ruleSets = [...rules.book.ruleSets.values()].map(
    ({ id, versions }) => `${id} v${versions.at(-1)?.ref.version}`,
  );
  const facts = mongodbUri === undefined ? `facts in ${data}` : 'facts in MongoDB';
  return `Perkbook answers on ${address} (${ruleSets.join(', ')}; ${facts}${testClock === undefined ? '' : '; test clock'})`;
}

async function showSamples({ store, rules, clock, address }: Started, { data }: Config): Promise<void> {
  const { hasSamples, loadSamples, sampleCommands } = await import('./samples.ts');
  if (!hasSamples(rules.book)) return;
  await loadSamples(store, data, clock.now());
  process.stdout.write(`\n${sampleCommands(address)}`);
}

async function readRules({ rules: folder, data, mongodbUri }: Config, log: Log): Promise<OpenRules> {
  try {
    return await openRules({ folder, data, mongodbUri }, { log });
  } catch (error) {
    if (error instanceof NoRules) throw await whyNoRules(folder, error);
    if (!(error instanceof RuleStoreUnreachable)) throw error;
    const where =
      mongodbUri === undefined ? 'PERKBOOK_RULES names the folder' : 'MONGODB_URI names where they are kept';
    throw new StartError(`the rules cannot be read: ${error.message}; ${where}`, { cause: error });
  }
}

async function whyNoRules(folder: string, { loaded: { findings, files } }: NoRules): Promise<StartError> {
  if (findings.length === 0) {
    return new StartError(
      `there are no rules in \`${folder}\`; a rule set is a file such as ${folder}/my-rules/v1.yaml`,
    );
  }
  const { renderFinding } = await import('./rules/load/render-finding.ts');
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  const colours = process.stderr.isTTY === true;
  const shown = findings.map((finding) => renderFinding(finding, texts.get(finding.file) ?? '', colours));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return new StartError(
    `${shown.join('\n\n')}\n\nthe rules in \`${folder}\` have ${errors} ${errors === 1 ? 'error' : 'errors'}; nothing was started`,
  );
}

/** One impact at a time, and one processor left for the answers. Loaded with the first that is asked for. */
function measuringOf({ mongodbUri, data }: Config): MeasureImpact {
  const location =
    mongodbUri === undefined
      ? ({ kind: 'embedded', folder: data } as const)
      : ({ kind: 'mongo', uri: mongodbUri } as const);
  return fewAtOnce(async (question, watch) => {
    const { impactWorkers } = await import('./impact-workers/measure-impact.ts');
    return impactWorkers(location, { processes: availableParallelism() - 1 })(question, watch);
  }, 1);
}

/** Each store is loaded only where it is used: the driver of the other one costs a good part of the start. */
async function openStore({ mongodbUri, data }: Config): Promise<MemberStore> {
  try {
    if (mongodbUri === undefined)
      return await (await import('./stores/embedded/embedded-store.ts')).openEmbeddedStore({ folder: data });
    return await (await import('./stores/mongo/mongo-store.ts')).openMongoStore({ uri: mongodbUri });
  } catch (cause) {
    const where = mongodbUri === undefined ? `the store in \`${data}\`` : 'the store that MONGODB_URI names';
    throw new StartError(`${where} cannot be opened: ${reasonOf(cause)}`, { cause });
  }
}

/** Loaded with the first version that is published: a server that only answers needs none of it. */
function scenariosOf({ fixtures }: Config): ScenarioCheck {
  return {
    verdictOn: async (candidate, scenarios) => {
      const { scenarioCheck } = await import('./scenarios/replay/candidate-check.ts');
      return scenarioCheck(fixtures === undefined ? [] : [fixtures]).verdictOn(candidate, scenarios);
    },
  };
}

function listen(server: Server, { host, port }: Config): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(new StartError(whyNot(cause, host, port), { cause })),
    );
    server.listen({ host, port }, () => resolve(urlOf(server, host)));
  });
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : '';
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function whyNot(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is in use already; set PORT to another one`;
    case 'EACCES':
      return `port ${port} on ${host} may not be used by this user; set PORT to one above 1023`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `\`${host}\` is no address of this machine; set HOST to one, such as 127.0.0.1`;
    default:
      return `cannot listen on ${host}, port ${port}: ${error.message}`;
  }
}

function stopOnSignal(started: Started): void {
  let stoppingSince: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(signal === 'SIGINT' ? 130 : 143);
      return;
    }
    stoppingSince = performance.now();
    started.close({ idleGraceMs: IDLE_GRACE_MS }).then(
      () => process.exit(0),
      (error: unknown) => {
        logToStderr({ level: 'error', message: `the server did not stop cleanly: ${reasonOf(error)}` });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
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

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
