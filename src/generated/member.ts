// Made from schemas/member.schema.json by scripts/generate-types.mjs. Do not edit.

/**
 * What is known about one user. A write replaces what it gives; what it leaves out stays as it is.
 */
export interface ApiMember {
/**
 * The user's id, as in the path. Only shown; a write may repeat it.
 */
id?: string
/**
 * Grows by one with each change. Only shown, and ignored in a write: use `If-Match` to guard one.
 */
revision?: number
/**
 * The paid stretches of membership, in any order. Terms may touch and overlap.
 * 
 * @maxItems 1000
 */
terms?: ApiTerm[]
/**
 * How many the member has of what slots count, by the name in the perk's `holds`.
 */
holdings?: {
/**
 * A whole number of at least 0.
 */
[k: string]: number
}
/**
 * What has been used of quotas and claimed of grants, by perk.
 */
usage?: {
/**
 * The recorded uses of one perk, in any order. Up to 1,000 come back as given; above that, old ones are folded together without changing an answer.
 * 
 * @maxItems 100000
 */
[k: string]: ApiUsageEntry[]
}
/**
 * What this member is given on top of the plan.
 * 
 * @maxItems 1000
 */
extras?: ApiExtra[]
/**
 * Facts about the user for the conditions of rule files (`user.attributes`).
 */
attributes?: {
/**
 * A text, a number, yes or no, nothing, or a list of those.
 * 
 * @maxItems 1000
 */
[k: string]: string | number | boolean | null | (string | number | boolean | null)[]
}
/**
 * Terms that overlap. Only shown, and ignored in a write.
 */
conflicts?: ApiConflict[]
}
/**
 * A paid stretch of membership: it runs from `startsAt` until just before `endsAt`.
 */
export interface ApiTerm {
/**
 * The billing system's id of it, for changing this one term later. Unique within the member.
 */
id?: string
/**
 * A tier of the rule set, but not its first one, which everybody has.
 */
tier: string
/**
 * Where it was bought.
 */
channel: ("web" | "ios" | "android")
/**
 * The first instant at which it runs. RFC 3339 with a zone.
 */
startsAt: string
/**
 * The first instant at which it no longer runs; after `startsAt`.
 */
endsAt: string
/**
 * When it was cancelled, or null. A cancelled term still runs until `endsAt`.
 */
cancelledAt?: (string | null)
/**
 * Whether it renews by itself.
 */
autoRenew?: boolean
}
/**
 * One recorded use.
 */
export interface ApiUsageEntry {
/**
 * When: in the past or in the future. RFC 3339 with a zone.
 */
at: string
/**
 * How many; 1 where absent.
 */
amount?: number
/**
 * The idempotency key of the consume that recorded it.
 */
key?: string
}
/**
 * Adds to a limit, quota or slots perk while it runs, or includes a switch, whatever the tier.
 */
export interface ApiExtra {
/**
 * Which perk.
 */
perk: string
/**
 * How many more; 1 where absent.
 */
amount?: number
/**
 * From when on; always, where absent or null.
 */
from?: (string | null)
/**
 * Until just before when; for good, where absent or null.
 */
until?: (string | null)
/**
 * Why, for people.
 */
note?: string
}
/**
 * Two terms that run at the same time, the first 100 of them.
 */
export interface ApiConflict {
/**
 * The two, by id, or by their place in `terms` (from 0) where they have none.
 */
terms: (string | number)[]
/**
 * Both run from here on.
 */
from: string
/**
 * Both run until just before this.
 */
until: string
/**
 * The tier of the one that counts.
 */
counts: string
}
