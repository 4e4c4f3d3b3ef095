import { pickVersion } from '../../decide/pick-version.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ResourceClaim } from '../../domain/question.ts';
import { STRANGER } from '../../domain/standing.ts';
import type { RuleSet } from '../../rules/rule-set.ts';

/**
 * Whether a search knows the resource: it is in the catalogue of its type, or the request itself describes it. Where the rule file has no
 * catalogue of the type, all ids are the caller's own.
 */
export function isKnownResource(ruleSet: RuleSet, resource: ResourceClaim | null, at: Instant): boolean {
  if (resource === null || resource.id === null || Object.keys(resource.properties).length > 0) return true;
  const { resources } = pickVersion(ruleSet, STRANGER, at);
  if (!Object.hasOwn(resources, resource.type)) return true;
  return Object.hasOwn(resources[resource.type] ?? {}, resource.id);
}
