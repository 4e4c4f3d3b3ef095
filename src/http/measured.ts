import type { RequestNames } from './request-trace.ts';
import type { Route } from './route.ts';

/**
 * Is told of an answer as it is given: of which route (undefined where none has the path), with which status, when its request came, on
 * the clock of `performance.now`, and what names the request.
 */
export type Measured = (route: Route | undefined, status: number, startedAt: number, names: RequestNames) => void;
