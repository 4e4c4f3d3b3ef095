import type { Instant } from '../domain/instant.ts';
import type { Version } from './rule-set.ts';

/** A version with another start. INVARIANT: its `json` says the same, so that it can be compiled again. */
export function startingAt(version: Version, from: Instant): Version {
  const json = version.json as { readonly effective: object };
  const effective = { ...json.effective, from: new Date(from).toISOString() };
  return { ...version, from, json: { ...json, effective } };
}
