// Made from schemas/question.schema.json by scripts/generate-types.mjs. Do not edit.

/**
 * May this user do this?
 */
export interface ApiQuestion {
/**
 * Who asks: the user's id, 1 to 256 characters.
 */
user: string
/**
 * What the user would like to do: an action of a rule set, such as `generation.create`.
 */
action: string
/**
 * Which rule set answers. Needed only where two rule sets have the action.
 */
ruleSet?: string
/**
 * The values that the action asks for, by name.
 */
input?: {
[k: string]: unknown
}
/**
 * What it is done to, for an action that has a resource.
 */
resource?: {
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
context?: {
[k: string]: unknown
}
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
