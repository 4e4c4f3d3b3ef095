import type { Deps } from '../http/deps.ts';
import { DecisionCounts } from '../metrics/decision-counts.ts';
import type { Sample } from '../metrics/metrics.ts';
import { RequestTimes } from '../metrics/request-times.ts';
import { SearchCounts } from '../metrics/search-counts.ts';
import { StoreCalls } from '../metrics/store-calls.ts';
import { Tally } from '../metrics/tally.ts';
import type { Watched } from '../metrics/watched.ts';
import { workerReadings } from '../metrics/worker-readings.ts';
import type { Consumed } from '../use-cases/consumes/consume.ts';
import type { Told } from '../use-cases/decisions/told.ts';

/** What is counted while requests are answered, in plain numbers: the form for Prometheus is made when somebody asks for it. */
export class Meters {
  readonly decisions = new DecisionCounts();
  readonly consumes = new DecisionCounts();
  readonly searches = new SearchCounts();
  readonly flags = new Tally<string>();
  readonly requests = new RequestTimes();
  readonly storeCalls = new StoreCalls();

  readonly onTold = ({ answered: { asked, decision } }: Told): void => {
    this.decisions.note(asked.ruleSetId, asked.question.action, decision);
  };

  readonly onConsumed = ({ asked, consumption }: Consumed): void => {
    // The same attempt again was counted with the first.
    if (!consumption.replayed) this.consumes.note(asked.ruleSetId, asked.question.action, consumption.decision);
  };

  readonly onSearched: NonNullable<Deps['onSearched']> = (searched, looked) => this.searches.note(searched, looked);

  readonly onFlag: NonNullable<Deps['onFlag']> = (ruleSetId, flag) => {
    // Where there is no value OpenFeature's own reason is this one.
    this.flags.note(ruleSetId, flag.key, 'reason' in flag ? flag.reason : 'ERROR');
  };

  readonly measured: NonNullable<Deps['measured']> = (route, status, startedAt) => {
    this.requests.note(route, status, (performance.now() - startedAt) / 1_000);
  };
}

/** The samples of the other processes that share the work of this one. */
export type OtherSamples = (own: Sample) => Promise<readonly Sample[]>;

/** Reads this process, and writes it out together with the others. `prom-client` is loaded with the first time. */
export interface Scraping {
  readonly sample: () => Promise<Sample>;
  readonly scrape: NonNullable<Deps['scrape']>;
}

export function scraping(watched: Watched, others: OtherSamples = alone): Scraping {
  let loaded: Promise<{
    readonly sample: () => Promise<Sample>;
    readonly write: typeof import('../metrics/metrics.ts');
  }>;
  const load = () => {
    loaded ??= import('../metrics/metrics.ts').then((write) => {
      const metrics = new write.Metrics(watched);
      return { sample: () => metrics.sample(), write };
    });
    return loaded;
  };
  return {
    sample: async () => (await load()).sample(),
    scrape: async () => {
      const { sample, write } = await load();
      const own = await sample();
      return { type: write.EXPOSITION_TYPE, body: await write.expositionOf([own, ...(await others(own))]) };
    },
  };
}

async function alone(): Promise<readonly Sample[]> {
  return [workerReadings(1, 0)];
}
