import type { Config } from '../config/config.ts';
import { logger } from '../log/logger.ts';
import { greeting, outliveReaders, triedOn } from '../main.ts';
import type { Sample } from '../metrics/metrics.ts';
import { reasonOf, StartError } from '../wiring/start-error.ts';
import { type Started, startServer } from '../wiring/start-server.ts';
import type { ToPrimary, ToWorker } from './messages.ts';
import { Printing } from './printing.ts';

/*
 * One of several processes that share a port. What it is to do, the primary process says; when that is gone, Node ends this one.
 */

/** Should the primary process not answer within this, this process shows its own metrics alone. */
const GATHERED_WITHIN_MS = 2_000;

outliveReaders();
let started: Started | undefined;
let isStopping = false;
const printing = new Printing(say);
const gatherings = new Map<number, (samples: readonly Sample[]) => void>();
let ids = 0;

process.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'begin':
      void begin(message.config);
      return;
    case 'stop':
      void stop(message.options.idleGraceMs);
      return;
    case 'ping':
      say({ kind: 'alive' });
      return;
    case 'sample': {
      const { id } = message;
      void started?.sample().then((sample) => say({ kind: 'sampled', id, sample }));
      return;
    }
    case 'gathered':
      gatherings.get(message.id)?.(message.samples);
      return;
    case 'printed':
      printing.printed(message.id, message.error);
  }
});
// A terminal sends it to all processes, and the primary one then says what to do.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => void stop(0));
// What the primary process said before nobody would have heard.
say({ kind: 'here' });

async function begin(config: Config): Promise<void> {
  try {
    started = await startServer(config, logger(config.logLevel), { otherSamples, print: printing.print });
    const texts = { greeting: greeting(started, config), triedOn: triedOn(started) };
    say({ kind: 'ready', answering: { ...texts, isOpen: started.isOpen() } });
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

async function stop(idleGraceMs = 0): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  try {
    await started?.close({ idleGraceMs });
    process.exit(0);
  } catch (error) {
    process.stderr.write(`a worker did not stop cleanly: ${reasonOf(error)}\n`);
    process.exit(1);
  }
}

async function otherSamples(own: Sample): Promise<readonly Sample[]> {
  const id = ids++;
  const gathered = new Promise<readonly Sample[]>((resolve) => {
    gatherings.set(id, resolve);
    setTimeout(resolve, GATHERED_WITHIN_MS, []).unref();
  });
  say({ kind: 'gather', id, own });
  const samples = await gathered;
  gatherings.delete(id);
  return samples;
}

function say(message: ToPrimary): void {
  if (process.connected) process.send?.(message);
}
