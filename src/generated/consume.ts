// Made from schemas/consume.schema.json by scripts/generate-types.mjs. Do not edit.

/**
 * Decide and, if it is allowed, record it, in one step.
 */
export interface ApiConsume {
/**
 * Names this attempt: the same key again is the same attempt, and is recorded once.
 */
idempotencyKey: string
/**
 * What the user would like to do: an action of a rule set, such as `generation.create`.
 */
action: string
/**
 * Which rule set answers. Needed only where two rule sets have the action.
 */
ruleSet?: string
input?: Input
resource?: Resource
context?: Context
/**
 * How many at once: "may I upload 3?".
 */
amount?: number
/**
 * The instant it is asked for, RFC 3339 with a zone; now where absent.
 */
at?: string
/**
 * Never answer from facts older than this revision of the member.
 */
minRevision?: number
/**
 * `brief`: only the decision, its code and until when it holds.
 */
detail?: ("full" | "brief")
}
/**
 * The values that the action asks for, by name.
 */
export interface Input {
[k: string]: unknown
}
/**
 * What it is done to, for an action that has a resource.
 */
export interface Resource {
/**
 * The type that the action declares.
 */
type: string
/**
 * Which one.
 */
id?: string
/**
 * What the caller says of it: claims, which rules may read.
 */
properties?: {
[k: string]: unknown
}
}
/**
 * What the caller says of the circumstances; rules may read it.
 */
export interface Context {
[k: string]: unknown
}
