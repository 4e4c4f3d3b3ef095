import { authzenRoutes } from './authzen/authzen-routes.ts';
import type { Deps } from './deps.ts';
import { ofrepRoutes } from './ofrep/ofrep-routes.ts';
import { clockRoutes } from './resources/clock.ts';
import { consumeRoutes } from './resources/consume.ts';
import { decisionLogRoutes } from './resources/decision-log.ts';
import { decisionRoutes } from './resources/decisions.ts';
import { descriptionRoutes } from './resources/description.ts';
import { healthRoutes } from './resources/health.ts';
import { keyRoutes } from './resources/keys.ts';
import { memberRoutes } from './resources/members.ts';
import { metricsRoutes } from './resources/metrics.ts';
import { perkRoutes } from './resources/perks.ts';
import { impactRoutes } from './resources/rule-sets/impact.ts';
import { lookingAgain } from './resources/rule-sets/looking-again.ts';
import { ruleSetChangeRoutes } from './resources/rule-sets/rule-set-changes.ts';
import { ruleSetDraftRoutes } from './resources/rule-sets/rule-set-drafts.ts';
import { ruleSetPublishingRoutes } from './resources/rule-sets/rule-set-publishing.ts';
import { ruleSetRoutes } from './resources/rule-sets/rule-sets.ts';
import { shadowRoutes } from './resources/rule-sets/shadow.ts';
import { termRoutes } from './resources/terms.ts';
import type { Route } from './route.ts';

/** Every route. Express tries them in this order, so the ones that are asked most come first. */
export function routesOf(deps: Deps, stopping: () => boolean): readonly Route[] {
  const routes: readonly Route[] = [
    ...decisionRoutes(deps),
    ...consumeRoutes(deps),
    ...authzenRoutes(deps),
    ...perkRoutes(deps),
    ...memberRoutes(deps),
    ...termRoutes(deps),
    ...lookingAgain([...ruleSetRoutes(deps), ...ruleSetChangeRoutes(deps)], deps.rules),
    ...ruleSetPublishingRoutes(deps),
    ...ruleSetDraftRoutes(deps),
    ...lookingAgain([...impactRoutes(deps), ...shadowRoutes(deps)], deps.rules),
    ...decisionLogRoutes(deps),
    ...clockRoutes(deps),
    ...keyRoutes(deps),
    ...ofrepRoutes(deps),
    ...healthRoutes(deps, stopping),
    ...metricsRoutes(deps),
    ...descriptionRoutes(deps, () => routes),
  ];
  return routes;
}
