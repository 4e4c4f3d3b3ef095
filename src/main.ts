import { type Config, ConfigError } from './config/config.ts';
import { configFrom } from './config/config-from.ts';
import { type Log, logger } from './log/logger.ts';
import { versionInForce } from './rules/version-in-force.ts';
import { reasonOf, StartError } from './wiring/start-error.ts';
import { type Started, startServer } from './wiring/start-server.ts';

/** How long callers may go on with a connection that the server, once told to stop, would like to be closed. */
const IDLE_GRACE_MS = 500;
/** What whoever starts a server that asks nobody for a key must know. */
export const OPEN =
  'It asks nobody for a key, because only this machine can reach it; `perkbook keys create --scope admin` changes that.';
/** npm passes on a signal that the terminal has sent to everybody already: two so close together are one. */
const SAME_SIGNAL_MS = 250;

/**
 * A server as a program: reads the environment, says where it answers, and stops gracefully on SIGTERM and SIGINT. Resolves when it
 * answers; ends the process with code 1 when it cannot. `samples`: whether an empty embedded store gets sample members.
 */
export async function runServer({ samples }: { readonly samples: boolean }): Promise<void> {
  try {
    const config = configFrom(process.env);
    const log = logger(config.logLevel);
    const started = await startServer(config, log);
    stopOnSignal(started, log);
    // In one piece: who reads only where it answers may close the pipe then.
    process.stdout.write(`${greeting(started, config)}\n${triedOn(started)}\n${started.isOpen() ? `${OPEN}\n` : ''}`);
    if (samples && config.samples && config.mongodbUri === undefined) await showSamples(started, config);
  } catch (error) {
    if (!(error instanceof StartError || error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** The line that says where a server answers, and with what. */
export function greeting({ address, rules, clock }: Started, { mongodbUri, mapping, data, testClock }: Config): string {
  const ruleSets = [...rules.book.ruleSets.values()].map(
    (ruleSet) => `${ruleSet.id} v${versionInForce(ruleSet, clock.now()).ref.version}`,
  );
  const store = mongodbUri === undefined ? `facts in ${data}` : 'facts in MongoDB';
  const facts = mapping === undefined ? store : `facts by ${mapping}`;
  return `Perkbook answers on ${address} (${ruleSets.join(', ')}; ${facts}${testClock === undefined ? '' : '; test clock'})`;
}

function triedOn({ address }: Started): string {
  return `Its API, to read and to try: ${address}/docs`;
}

async function showSamples({ store, rules, clock, address, isOpen }: Started, { data }: Config): Promise<void> {
  const { hasSamples, loadSamples, sampleCommands } = await import('./samples.ts');
  if (!hasSamples(rules.book)) return;
  await loadSamples(store, data, clock.now());
  process.stdout.write(`\n${sampleCommands(address, { asksForKey: !isOpen() })}`);
}

/** Stops gracefully on the first signal, and at once on the second. */
export function stopOnSignal(started: Pick<Started, 'close'>, log: Log): void {
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
        log({ level: 'error', message: `the server did not stop cleanly: ${reasonOf(error)}` });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
