import { Problem } from '../../../domain/problem.ts';
import type { LoadedRules } from '../../deps.ts';
import type { Route } from '../../route.ts';

/**
 * Reads of rule sets that look once more at where these are kept before they say that something is not there: another process may
 * have published it a moment ago, and told the same caller so.
 */
export function lookingAgain(routes: readonly Route[], rules: LoadedRules): readonly Route[] {
  return routes.map((route) => ({
    ...route,
    answer: async (call) => {
      try {
        return await route.answer(call);
      } catch (error) {
        const { book } = rules;
        if (!isUnknown(error) || rules.lookForUnknown === undefined) throw error;
        await rules.lookForUnknown();
        if (rules.book === book) throw error;
        return route.answer(call);
      }
    },
  }));
}

function isUnknown(error: unknown): boolean {
  return error instanceof Problem && (error.code === 'unknown_version' || error.code === 'unknown_rule_set');
}
