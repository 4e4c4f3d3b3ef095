import { type Config, ConfigError } from './config/config.ts';
import { configFrom } from './config/config-from.ts';
import { type Log, logger } from './log/logger.ts';
import { versionInForce } from './rules/version-in-force.ts';
import { isEverywhere } from './wiring/listen.ts';
import { reasonOf, StartError } from './wiring/start-error.ts';
import { type Started, startServer } from './wiring/start-server.ts';

/** How long callers may go on with a connection that the server, once told to stop, would like to be closed. */
const IDLE_GRACE_MS = 500;
/** What whoever starts a server that asks nobody for a key must know. */
export const OPEN =
  'It asks nobody for a key, because only this machine can reach it; `perkbook keys create --scope admin` changes that.';
/** The same for one that others can reach, and that does not know how these call it. */
export const UNNAMED =
  "AuthZEN's metadata names an address that only this machine can call; set PERKBOOK_PUBLIC_URL to the one that callers use.";
/** npm passes on a signal that the terminal has sent to everybody already: two so close together are one. */
const SAME_SIGNAL_MS = 250;

/**
 * A server as a program: reads the environment, says where it answers, and stops gracefully on SIGTERM and SIGINT. Resolves when it
 * answers; ends the process with code 1 when it cannot. `samples`: whether an empty embedded store gets sample members.
 */
export async function runServer({ samples }: { readonly samples: boolean }): Promise<void> {
  outliveReaders();
  try {
    const config = configFrom(process.env);
    const log = logger(config.logLevel);
    const started = await startServer(config, log);
    stopOnSignal(started, log);
    const said = [greeting(started, config), triedOn(started), ...hints(started.isOpen(), config)];
    announce(said, config, log);
    if (samples && config.samples && config.mongodbUri === undefined) await showSamples(started, config, log);
  } catch (error) {
    if (!(error instanceof StartError || error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** Whoever reads what the process writes may go, or come again: that is no reason to stop answering. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    // The command line's own, which ends a command that nobody reads any more.
    stream.removeAllListeners('error');
    stream.on('error', () => undefined);
  }
}

/** Tells whoever has started the server: on stdout, or in the log where stdout is the decision log's, which has nothing else in it. */
export function announce(texts: readonly string[], { decisionLog }: Config, log: Log): void {
  // In one piece: who reads only where it answers may close the pipe then.
  if (decisionLog.sink !== 'stdout') process.stdout.write(`${texts.join('\n')}\n`);
  else for (const text of texts) log({ message: text.trim() });
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

/** What is to be done, where something is. */
export function hints(isOpen: boolean, { host, publicUrl }: Config): readonly string[] {
  const isUnnamed = isEverywhere(host) && publicUrl === undefined;
  return [...(isOpen ? [OPEN] : []), ...(isUnnamed ? [UNNAMED] : [])];
}

/** The line that says where to look first. */
export function triedOn({ address }: Started): string {
  return `Its API, to read and to try: ${address}/docs`;
}

async function showSamples(started: Started, config: Config, log: Log): Promise<void> {
  const { store, rules, clock, address, isOpen } = started;
  const { hasSamples, loadSamples, sampleCommands } = await import('./samples.ts');
  if (!hasSamples(rules.book)) return;
  await loadSamples(store, config.data, clock.now());
  announce([`\n${sampleCommands(address, { asksForKey: !isOpen() }).trimEnd()}`], config, log);
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
