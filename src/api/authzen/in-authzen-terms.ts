import { Problem } from '../../domain/problem.ts';

/** Where AuthZEN has what `POST /v1/decisions` has elsewhere. What is not here has the same place in both. */
const PLACES: readonly (readonly [ours: string, theirs: string])[] = [
  ['/action', '/action/name'],
  ['/input', '/action/properties'],
  ['/user', '/subject/id'],
  ['/ruleSet', '/context/perkbook/ruleSet'],
  ['/amount', '/context/perkbook/amount'],
  ['/at', '/context/perkbook/at'],
];

/** Does what names the fields of a question as `POST /v1/decisions` has them; its problems then name them as the caller wrote them. */
export function inAuthzenTerms<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Problem) || error.field === undefined) throw error;
    const { code, message, field, didYouMean, more } = error;
    throw new Problem(code, message, {
      field: placeOf(field),
      ...(didYouMean === undefined ? {} : { didYouMean }),
      ...(more === undefined ? {} : { more }),
      cause: error,
    });
  }
}

/** Where AuthZEN has a field of a question. */
export function placeOf(field: string): string {
  for (const [ours, theirs] of PLACES) {
    if (field === ours || field.startsWith(`${ours}/`)) return theirs + field.slice(ours.length);
  }
  return field;
}
