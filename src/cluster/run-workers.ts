import type { Config } from '../config/config.ts';
import { logger } from '../log/logger.ts';
import { OPEN, stopOnSignal } from '../main.ts';
import { WorkerNotStarted, Workers } from './workers.ts';

/**
 * Several processes that share one port as a program. Resolves when they answer; ends the process with code 1 when they cannot, which the
 * one that could not has explained.
 */
export async function runWorkers(count: number, config: Config): Promise<void> {
  const log = logger(config.logLevel);
  const workers = new Workers(config, log, () => process.exit(1));
  stopOnSignal(workers, log);
  try {
    const { greeting, isOpen } = await workers.start(count);
    process.stdout.write(`${greeting}, with ${count} workers\n${isOpen ? `${OPEN}\n` : ''}`);
  } catch (error) {
    if (!(error instanceof WorkerNotStarted)) throw error;
    process.exit(1);
  }
}
