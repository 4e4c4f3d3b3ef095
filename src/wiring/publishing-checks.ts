import { availableParallelism } from 'node:os';
import type { Config } from '../config/config.ts';
import { fewAtOnce } from '../use-cases/impact/few-at-once.ts';
import type { MeasureImpact } from '../use-cases/impact/ports.ts';
import type { ScenarioCheck } from '../use-cases/rule-sets/ports.ts';

/** One impact at a time, and one processor left for the answers. Loaded with the first that is asked for. */
export function measuringOf({ mongodbUri, data, mapping }: Config): MeasureImpact {
  const location =
    mongodbUri === undefined
      ? ({ kind: 'embedded', folder: data } as const)
      : mapping === undefined
        ? ({ kind: 'mongo', uri: mongodbUri } as const)
        : ({ kind: 'mapped', uri: mongodbUri, file: mapping } as const);
  return fewAtOnce(async (question, watch) => {
    const { impactWorkers } = await import('../impact-workers/measure-impact.ts');
    return impactWorkers(location, { processes: availableParallelism() - 1 })(question, watch);
  }, 1);
}

/** Loaded with the first version that is published: a server that only answers needs none of it. */
export function scenariosOf({ fixtures }: Config): ScenarioCheck {
  return {
    verdictOn: async (candidate, scenarios) => {
      const { scenarioCheck } = await import('../scenarios/replay/candidate-check.ts');
      return scenarioCheck(fixtures === undefined ? [] : [fixtures]).verdictOn(candidate, scenarios);
    },
  };
}
