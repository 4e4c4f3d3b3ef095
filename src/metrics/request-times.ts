import { Distribution } from './distribution.ts';

/** What of a route its times go by. */
export interface TimedRoute {
  readonly method: string;
  /** The template, never the path: ids of users are no names for times. */
  readonly path: string;
}

export interface RequestTime extends TimedRoute {
  /** `2xx`, `4xx`. */
  readonly status: string;
  readonly distribution: Distribution;
}

const BOUNDS = [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What is asked for at a path that no route has. */
const NOWHERE: TimedRoute = { method: 'any', path: 'none' };

/** How long requests took, by route and by the first digit of the status. */
export class RequestTimes {
  /** By the route itself: that is the same object for each of its requests. */
  readonly #times = new Map<TimedRoute, (Distribution | undefined)[]>();

  note(route: TimedRoute = NOWHERE, status: number, seconds: number): void {
    const family = Math.trunc(status / 100);
    const distribution = this.#times.get(route)?.[family] ?? this.#begin(route, family);
    distribution.note(seconds);
  }

  *[Symbol.iterator](): Generator<RequestTime> {
    for (const [{ method, path }, families] of this.#times) {
      for (const [family, distribution] of families.entries()) {
        if (distribution !== undefined) yield { method, path, status: `${family}xx`, distribution };
      }
    }
  }

  #begin(route: TimedRoute, family: number): Distribution {
    const families = this.#times.get(route) ?? [];
    this.#times.set(route, families);
    const distribution = new Distribution(BOUNDS);
    families[family] = distribution;
    return distribution;
  }
}
