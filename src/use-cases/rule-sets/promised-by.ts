import type { Publication } from './ports.ts';

/** The scenarios that came with one version. */
export interface Promised {
  readonly version: number;
  /** The text of a scenario file. */
  readonly scenarios: string;
}

/** The texts that came with a version and those before it; after a rollback, those of the version that it went back to. */
export function promisedBy(history: readonly Publication[], number: number): readonly Promised[] {
  if (number < 1) return [];
  const { scenarios, rollbackTo } = history.find(({ version }) => version === number) ?? {};
  if (rollbackTo !== undefined && rollbackTo < number) return promisedBy(history, rollbackTo);
  const own = scenarios === undefined ? [] : [{ version: number, scenarios }];
  return [...promisedBy(history, number - 1), ...own];
}
