import type { Sample } from './metrics.ts';
import { counter, gauge } from './reading.ts';

/** How many processes answer, and how many have ended without being told to. */
export function workerReadings(workers: number, deaths: number): Sample {
  return [
    gauge('perkbook_workers', 'Processes that answer', 'sum', [[{}, workers]]),
    counter('perkbook_worker_deaths_total', 'Processes that ended without being told to', [[{}, deaths]]),
  ];
}
