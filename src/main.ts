import { type Config, ConfigError, configFrom } from './config.ts';
import { logToStderr } from './http/log.ts';
import { reasonOf, StartError } from './wiring/start-error.ts';
import { type Started, startServer } from './wiring/start-server.ts';

/** How long callers may go on with a connection that the server, once told to stop, would like to be closed. */
const IDLE_GRACE_MS = 500;
/** npm passes on a signal that the terminal has sent to everybody already: two so close together are one. */
const SAME_SIGNAL_MS = 250;

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
