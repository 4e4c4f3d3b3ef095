import { noneOf } from '../../use-cases/decisions/not-spoken-for.ts';
import type { Deps } from '../deps.ts';
import type { Route } from '../route.ts';

/**
 * What Prometheus scrapes. It names every action and how often it is asked for, which is nobody else's business: where callers have
 * to say who they are, a scraper does, too.
 */
export function metricsRoutes({ scrape }: Deps): readonly Route[] {
  if (scrape === undefined) return [];
  return [
    {
      method: 'GET',
      path: '/metrics',
      scope: 'log:read',
      produces: ['text/plain'],
      answer: async ({ caller }) => {
        if (caller.ruleSets !== null) throw noneOf(caller, 'every rule set, as the metrics do');
        return { status: 200, ...(await scrape()) };
      },
    },
  ];
}
