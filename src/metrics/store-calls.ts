import { Problem } from '../domain/problem.ts';
import { type MaybePromise, type MemberStore, StoreUnreachable } from '../use-cases/ports.ts';
import { Distribution } from './distribution.ts';

const OPERATIONS = ['get', 'update', 'page', 'list', 'count', 'ping'] as const;
type Operation = (typeof OPERATIONS)[number];

/** `refused`: the store is there, and what it holds does not allow the change. */
const OUTCOMES = ['ok', 'refused', 'unreachable', 'failed'] as const;
type Outcome = (typeof OUTCOMES)[number];

export interface StoreCall {
  readonly operation: Operation;
  readonly outcome: Outcome;
  readonly distribution: Distribution;
}

const BOUNDS = [0.000_1, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** How long the calls of a store took, by what came of them. */
export class StoreCalls {
  readonly #distributions = new Map<Operation, Partial<Record<Outcome, Distribution>>>(
    OPERATIONS.map((operation) => [operation, { ok: new Distribution(BOUNDS) }]),
  );

  /** The same store, with its calls timed. The revision is not: it is asked for with every question, and takes no time. */
  timed(store: MemberStore): MemberStore {
    const time = <T>(operation: Operation, call: () => MaybePromise<T>) => this.#time(operation, call);
    return {
      get: (id, options) => time('get', () => store.get(id, options)),
      ...(store.revision === undefined ? {} : { revision: store.revision.bind(store) }),
      update: async (id, change, options) => time('update', () => store.update(id, change, options)),
      page: (after, limits) => time('page', () => store.page(after, limits)),
      list: (after, limit) => time('list', () => store.list(after, limit)),
      count: () => time('count', () => store.count()),
      ping: async (options) => time('ping', () => store.ping(options)),
      outages: store.outages,
      close: () => store.close(),
    };
  }

  *[Symbol.iterator](): Generator<StoreCall> {
    for (const [operation, outcomes] of this.#distributions) {
      for (const outcome of OUTCOMES) {
        const distribution = outcomes[outcome];
        if (distribution !== undefined) yield { operation, outcome, distribution };
      }
    }
  }

  #time<T>(operation: Operation, call: () => MaybePromise<T>): MaybePromise<T> {
    const startedAt = performance.now();
    const answered = (answer: T): T => {
      this.#note(operation, 'ok', startedAt);
      return answer;
    };
    const threw = (error: unknown): never => {
      this.#note(operation, outcomeOf(error), startedAt);
      throw error;
    };
    let answer: MaybePromise<T>;
    try {
      answer = call();
    } catch (error) {
      return threw(error);
    }
    return answer instanceof Promise ? answer.then(answered, threw) : answered(answer);
  }

  #note(operation: Operation, outcome: Outcome, startedAt: number): void {
    const outcomes = this.#distributions.get(operation) ?? {};
    outcomes[outcome] ??= new Distribution(BOUNDS);
    outcomes[outcome].note((performance.now() - startedAt) / 1_000);
  }
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof StoreUnreachable) return 'unreachable';
  return error instanceof Problem ? 'refused' : 'failed';
}
