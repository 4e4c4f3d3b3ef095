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
      answer: async () => ({ status: 200, ...(await scrape()) }),
    },
  ];
}
