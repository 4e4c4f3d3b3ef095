// Made from schemas/scenario.schema.json by scripts/generate-types.mjs. Do not edit.

/**
 * Somebody. `stranger`: nobody has written about this user. Or one term: `starter from 2026-11-01 until 2026-12-01`. Or facts.
 */
export type ScenarioMember = (string | Facts)
/**
 * `pro on ios from 2026-11-01 until 2026-12-01`, also `for 1 month`; add `cancelled 2026-11-10` or `renewing`. Or the parts, as the API has them.
 */
export type ScenarioTerm = (string | TermParts)
/**
 * `2026-11-05` (the start of that day, UTC), `2026-11-05T10:00:00Z`, or `1 ms before 2026-12-01`.
 */
export type Instant = string
/**
 * One recorded use: its instant, or with an amount.
 */
export type UsageEntry = (string | UsageParts)
/**
 * Which statements of the rule set this shows to be kept, such as `[R6, R18]`.
 */
export type Proves = string[]
/**
 * A whole number and a unit: `10 days`, `1 month`, `1 ms`.
 */
export type Duration = string
/**
 * `allow`, or the code of the denial. Or more of the answer.
 */
export type Expect = (string | ExpectParts)

/**
 * Scenarios: what a rule set promises, as stories with dates that are replayed on a test clock, and as tables.
 */
export interface ScenarioFile {
/**
 * The id of the rule set that answers, such as `pixai-membership`.
 */
ruleSet: string
/**
 * What the file is about, for reports.
 */
title?: string
/**
 * Members that every scenario and table of this file may use. Each gets its own copies.
 */
members?: {
[k: string]: ScenarioMember
}
/**
 * Stories: what happens, in order, and what is asked on the way.
 */
scenarios?: Scenario[]
/**
 * Who may do what at one instant: a row for each question, a cell for each member.
 */
tables?: Table[]
}
/**
 * What is known about a member. Nothing of it is required: `{}` is a known user who never had a term.
 */
export interface Facts {
/**
 * The user's id, exactly as it is sent. Where absent a fresh one is made for each scenario.
 */
id?: string
/**
 * Terms, past, running and future.
 */
terms?: ScenarioTerm[]
/**
 * How many are there now, by holding.
 */
holdings?: {
[k: string]: number
}
/**
 * What was used or claimed and when, by perk.
 */
usage?: {
[k: string]: UsageEntry[]
}
/**
 * What was given on top of the plan.
 */
extras?: ScenarioExtra[]
/**
 * Stored facts that rules may read.
 */
attributes?: {
[k: string]: unknown
}
}
/**
 * A paid stretch of membership, as the API has it.
 */
export interface TermParts {
/**
 * Its id; `t1`, `t2` and so on where absent.
 */
id?: string
/**
 * The tier that was bought.
 */
tier: string
/**
 * Where it was bought; `web` where absent.
 */
channel?: ("web" | "ios" | "android")
/**
 * When it starts.
 */
startsAt: Instant
/**
 * When it ends; it no longer runs at that instant.
 */
endsAt: Instant
/**
 * When it was cancelled.
 */
cancelledAt?: Instant
/**
 * Whether it renews by itself.
 */
autoRenew?: boolean
}
/**
 * One recorded use.
 */
export interface UsageParts {
/**
 * When.
 */
at: Instant
/**
 * How many; 1 where absent.
 */
amount?: number
}
/**
 * Something on top of the plan, given to one member for a while.
 */
export interface ScenarioExtra {
/**
 * The perk it adds to.
 */
perk: string
/**
 * How much it adds to the limit.
 */
amount: number
/**
 * From when on; from ever where absent.
 */
from?: Instant
/**
 * Until when; for ever where absent.
 */
until?: Instant
/**
 * Why it was given.
 */
note?: string
}
/**
 * One story.
 */
export interface Scenario {
/**
 * The promise in a sentence; a test is called like this.
 */
name: string
proves?: Proves
/**
 * Who takes part. With only one, steps need not say `member`.
 */
members?: {
[k: string]: ScenarioMember
}
/**
 * Who acts where a step does not say it: a member of the file, or of this scenario.
 */
member?: string
/**
 * What happens, in order.
 * 
 * @minItems 1
 */
timeline: Step[]
}
/**
 * One thing that happens: exactly one of `subscribe`, `cancel`, `end`, `upgrade`, `put`, `store`, `ask`, `consume`, `release`, `perks`, `preview`.
 */
export interface Step {
/**
 * When.
 */
at?: Instant
/**
 * Instead of `at`: how long after the step before.
 */
after?: Duration
/**
 * Who; where absent the scenario's `member`, or its only one.
 */
member?: string
/**
 * A new term: `starter for 1 month`, `pro on ios until 2026-12-01`. Starts now unless it says `from`.
 */
subscribe?: ScenarioTerm
/**
 * Marks a term as cancelled now; it runs on until its end. `current` or the id of a term.
 */
cancel?: string
/**
 * Ends a term now, as after a refund. `current` or the id of a term.
 */
end?: string
/**
 * Ends the current term now and starts one of this tier: until the same end, or `pro for 1 month`, `pro until 2027-01-01`.
 */
upgrade?: string
/**
 * Replaces the facts that are named, each as a whole.
 */
put?: Facts
/**
 * `down`: the facts cannot be read from now on; `stale`: only old ones; `up`: as ever. Skipped where the store cannot be stopped.
 */
store?: ("up" | "down" | "stale")
/**
 * The action that is asked about.
 */
ask?: string
/**
 * The action that is decided and, when it is allowed, recorded.
 */
consume?: string
/**
 * The `key` of a consume that is given back.
 */
release?: string
/**
 * Lists all perks; says what is expected of those named here.
 */
perks?: Values
/**
 * What the end of the membership would change; says what is expected of the perks named here, by property.
 */
preview?: Values
/**
 * The values that the action asks for, by name.
 */
input?: {
[k: string]: unknown
}
/**
 * What it is done to: `type`, `id`, `properties`.
 */
resource?: {
[k: string]: unknown
}
/**
 * What the caller says of the circumstances.
 */
context?: {
[k: string]: unknown
}
/**
 * How many at once; 1 where absent.
 */
amount?: number
/**
 * Names a consume, so that it can be repeated or released; a fresh one where absent.
 */
key?: string
/**
 * How often the step is done, each time with the same expectation.
 */
times?: number
expect?: Expect
}
/**
 * By perk: all that the answer says of it, nothing less. Perks that are not named here are not compared.
 */
export interface Values {
[k: string]: unknown
}
/**
 * What the answer has to say. One of `decision`, `code` and `error` is needed; what is not named is not compared.
 */
export interface ExpectParts {
/**
 * `allow` or `deny`.
 */
decision?: ("allow" | "deny")
/**
 * Why it is denied.
 */
code?: string
/**
 * The code of the problem, where the question is none that can be decided.
 */
error?: string
/**
 * The JSON pointer that a problem names.
 */
field?: string
/**
 * The perk that denied.
 */
perk?: string
/**
 * The sentence that users read.
 */
message?: string
values?: Values
/**
 * Everything in `values`, in order: the perks that took part and the answers of rules.
 */
tookPart?: string[]
/**
 * The lowest tier that would allow it; `null` for none.
 */
unlockedBy?: (string | null)
/**
 * Until when the answer holds; `null` for ever.
 */
validUntil?: (string | null)
/**
 * The tier that judged.
 */
tier?: (string | null)
/**
 * Where the member stands.
 */
membership?: ("none" | "upcoming" | "active" | "ended" | "unknown" | null)
/**
 * The version of the rule set that judged.
 */
version?: number
/**
 * Whether the facts were stale or unreadable.
 */
degraded?: boolean
/**
 * How much a consume recorded.
 */
consumed?: number
/**
 * Instead of `at`: how long after the step before.
 */
after?: Values
/**
 * Whether the same key was answered before.
 */
replayed?: boolean
}
/**
 * Questions and members, every pair with one cell.
 */
export interface Table {
/**
 * What the table shows; a test is called like this.
 */
name: string
proves?: Proves
/**
 * When.
 */
at: Instant
/**
 * `down`: as it is answered while the facts cannot be read.
 */
store?: ("up" | "down" | "stale")
/**
 * The columns: names of the file's members, or members of the table's own.
 */
members: (string[] | MemberMap)
/**
 * The questions.
 * 
 * @minItems 1
 */
rows: Row[]
}
/**
 * Members by name.
 */
export interface MemberMap {
[k: string]: ScenarioMember
}
/**
 * One question and the answer for every member. A member without a cell is an error.
 */
export interface Row {
/**
 * The action that is asked about.
 */
ask: string
proves?: Proves
/**
 * The values that the action asks for, by name.
 */
input?: {
[k: string]: unknown
}
/**
 * What it is done to: `type`, `id`, `properties`.
 */
resource?: {
[k: string]: unknown
}
/**
 * What the caller says of the circumstances.
 */
context?: {
[k: string]: unknown
}
/**
 * How many at once; 1 where absent.
 */
amount?: number
/**
 * By member: `allow` or the code of the denial, or more of the answer.
 */
expect: {
[k: string]: Expect
}
}
