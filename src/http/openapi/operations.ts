import type { Route } from '../route.ts';
import type { Operation, OperationKey } from './operation.ts';
import { authzenOperations } from './operations/authzen.ts';
import { candidateOperations } from './operations/candidates.ts';
import { consumingOperations } from './operations/consuming.ts';
import { decisionLogOperations } from './operations/decision-log.ts';
import { decisionOperations } from './operations/decisions.ts';
import { flagOperations } from './operations/flags.ts';
import { keyOperations } from './operations/keys.ts';
import { memberOperations } from './operations/members.ts';
import { perkOperations } from './operations/perks.ts';
import { publishingOperations } from './operations/publishing.ts';
import { ruleSetOperations } from './operations/rule-sets.ts';
import { runningOperations } from './operations/running.ts';

/** What is said of every route that there can be. */
export const OPERATIONS: Readonly<Record<OperationKey, Operation>> = {
  ...decisionOperations,
  ...decisionLogOperations,
  ...consumingOperations,
  ...perkOperations,
  ...authzenOperations,
  ...flagOperations,
  ...memberOperations,
  ...ruleSetOperations,
  ...publishingOperations,
  ...candidateOperations,
  ...keyOperations,
  ...runningOperations,
};

export function keyOf({ method, path }: Pick<Route, 'method' | 'path'>): OperationKey {
  return `${method} ${path as `/${string}`}`;
}

/** Throws for a route of which nothing is said. */
export function operationOf(route: Route): Operation {
  const operation = OPERATIONS[keyOf(route)];
  if (operation === undefined) throw new Error(`\`${keyOf(route)}\` has no operation in src/http/openapi/operations`);
  return operation;
}
