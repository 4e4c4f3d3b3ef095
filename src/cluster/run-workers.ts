import type { Config } from '../config/config.ts';
import { logger } from '../log/logger.ts';
import { announce, hints, outliveReaders, stopOnSignal } from '../main.ts';
import { WorkerNotStarted, Workers } from './workers.ts';

/**
 * Several processes that share one port as a program. Resolves when they answer; ends the process with code 1 when they cannot, which the
 * one that could not has explained.
 */
export async function runWorkers(count: number, config: Config): Promise<void> {
  outliveReaders();
  const log = logger(config.logLevel);
  const workers = new Workers(config, log, () => process.exit(1));
  stopOnSignal(workers, log);
  try {
    const answering = await workers.start(count);
    // Told to stop before they had begun: the process ends with the last of them.
    if (answering === undefined) return;
    const { greeting, triedOn, isOpen } = answering;
    announce([`${greeting}, with ${count} workers`, triedOn, ...hints(isOpen, config)], config, log);
  } catch (error) {
    if (!(error instanceof WorkerNotStarted)) throw error;
    process.exit(1);
  }
}
