// Made from schemas/rule-file.schema.json by scripts/generate-types.mjs. Do not edit.

/**
 * The id of the rule set, the same as the folder's name: lower-case letters and digits joined by `-`.
 */
export type RuleSetId = string
/**
 * What people call it.
 */
export type Title = string
/**
 * When it counts for who was a member before: `now` (the default), with their `nextTerm`, never `whileSubscribed` without a gap, or `neverWorse` than before while they stay subscribed.
 */
export type ExistingMembers = ("now" | "nextTerm" | "whileSubscribed" | "neverWorse")
/**
 * What was promised, in a few words.
 */
export type Statement = string
/**
 * A time zone by its name: `UTC`, `Asia/Tokyo`, `Europe/Berlin`.
 */
export type TimeZone = string
/**
 * A warning about the whole file: `statement_without_source` (nothing in the file fulfils a statement) or `unused_condition`.
 */
export type FileWarning = ("statement_without_source" | "unused_condition")
/**
 * One perk: what it is, who gets how much of it, and what is left after the membership ends.
 */
export type Perk = (SwitchPerk | LimitPerk | QuotaPerk | SlotsPerk | GrantPerk | TablePerk)
/**
 * A short name of a statement, such as `R7`.
 */
export type StatementId = string
/**
 * Which statements this fulfils.
 * 
 * @maxItems 100
 */
export type Source = StatementId[]
/**
 * Who has it: `members` (every tier but the first), or `yes` or `no` for each tier.
 */
export type SwitchTiers = ("members" | {
[k: string]: YesNo
})
/**
 * `yes`: the tier has it; `no`: it has not.
 */
export type YesNo = ("yes" | "no")
/**
 * After the membership ends: `keeps` it, `frozen` (what is there stays, nothing new), back to the `freeLevel` of the first tier, or `loses` it.
 */
export type AfterEnd = ("keeps" | "frozen" | "freeLevel" | "loses")
/**
 * The answer when nothing can be found out about the user: `deny` (the default) or `allow`.
 */
export type WhenFactsUnavailable = ("allow" | "deny")
/**
 * A warning about one perk: `not_monotonic` (a higher tier gets less) or `worse_than_stranger` (a former member gets less than who never was one).
 */
export type PerkWarning = ("not_monotonic" | "worse_than_stranger")
/**
 * Warnings about this perk that are meant to be so and need not be shown again.
 * 
 * @maxItems 10
 */
export type PerkAccepts = PerkWarning[]
/**
 * What the action does with the perk.
 */
export type PerkAction = (Verb | VerbWhen)
/**
 * `add` more of it, `use` it, `show` what is there, or `remove` something.
 */
export type Verb = ("add" | "use" | "show" | "remove")
/**
 * The name of a condition in `conditions`.
 */
export type ConditionName = string
/**
 * What the user is told. Values in braces are filled in: {limit}, {endsAt}.
 */
export type Text = string
/**
 * Where in the question a value comes from: `input.loras`, `resource.properties.freeTrial`.
 */
export type ClaimPath = string
/**
 * What is limited: one value of the question (`input.loras`), or several measures by name (`{width: input.width, height: input.height}`).
 */
export type LimitOf = (ClaimPath | {
[k: string]: ClaimPath
})
/**
 * The most that may be asked for: a number, `unlimited`, or one of these per measure.
 */
export type LimitAmount = (LimitNumber | {
[k: string]: LimitNumber
})
/**
 * A number of at least 0, or `unlimited`.
 */
export type LimitNumber = (number | "unlimited")
/**
 * How long a period is: a `day`, a `month`, or a `termMonth` (months counted from the start of each term).
 */
export type Per = ("termMonth" | "month" | "day")
/**
 * A whole number of at least 0, or `unlimited`.
 */
export type Count = (number | "unlimited")
/**
 * What is counted: the name under `holdings` of a member. Lower-case letters, digits and `_`.
 */
export type Holding = string
/**
 * A whole number, or a percentage on top of the first tier's number, rounded down.
 */
export type GrantAmount = (number | string)
/**
 * What picks the row: a value of the question, such as `input.packUsd`.
 */
export type TableBy = string
/**
 * A whole number of at least 0.
 */
export type TableAmount = number
/**
 * The name of a condition, or a list of which all must hold.
 */
export type ConditionNames = (ConditionName | ConditionName[])
/**
 * The cases, in order. One without `when` always holds.
 * 
 * @minItems 1
 * @maxItems 200
 */
export type AnswerCases = AnswerCase[]
/**
 * A comparison of one fact, the name of another condition, or `all`, `any` or `not` of conditions.
 */
export type Condition = (AllOfConditions | AnyOfConditions | NotCondition | ConditionReference | Comparison)
/**
 * What is looked at: `member`, `term` and `user` are known; `subject`, `resource`, `input` and `context` come with the question.
 */
export type Fact = ("member" | "term" | "user" | "subject" | "resource" | "input" | "context")
/**
 * Where in the fact: `$.channel`, `$.attributes.role`.
 */
export type FactPath = string
/**
 * How it is compared. Put `not:`, `someFact:`, `everyFact:`, `someValue:`, `everyValue:` or `swap:` before it to change what it means.
 */
export type Operator = string
/**
 * What it is compared with: a value, a list of values, or another fact (`{fact: term, path: $.endsAt}`).
 */
export type ComparedValue = (Scalar | Scalar[] | FactReference)
/**
 * A text, a number, `true`, `false` or `null`.
 */
export type Scalar = (string | number | boolean | null)
/**
 * A value, or a list of values.
 */
export type AttributeValue = (Scalar | Scalar[])

/**
 * One version of a rule set: who gets what, how much of it, and what is left after a membership ends.
 */
export interface RuleFile {
/**
 * The format of this file. Always `perkbook/1`.
 */
format: "perkbook/1"
ruleSet: RuleSetId
/**
 * The number of this version, the same as in the file name: 2 for `v2.yaml`.
 */
version: number
title: Title
effective: Effective
/**
 * What was promised, one line each. Perks and rules name them in `source`, scenarios prove them.
 */
statements?: {
[k: string]: Statement
}
/**
 * The tiers, low to high. The first one is everybody without a running membership. Never delete a tier: retire it.
 */
tiers?: {
[k: string]: Tier
}
calendar?: Calendar
/**
 * How a user nobody has written about is judged: `asFree` like the first tier (the default), or `deny`.
 */
unknownUser?: ("asFree" | "deny")
/**
 * Warnings about the whole file that are meant to be so and need not be shown again.
 * 
 * @maxItems 10
 */
accepts?: FileWarning[]
/**
 * What a membership gives: one perk, one card, in the order in which they are judged.
 */
perks?: {
[k: string]: Perk
}
/**
 * What may be asked, and with which inputs.
 */
actions: {
[k: string]: Action
}
/**
 * What is no perk, by action. Judged before the perks.
 */
rules?: {
[k: string]: Rule
}
/**
 * Conditions by name, in the language of json-rules-engine. Perks and rules use them by their names.
 */
conditions?: {
[k: string]: Condition
}
/**
 * The stored facts that conditions may read: of users under `user`, and of resources by their type.
 */
attributes?: {
[k: string]: Attributes
}
/**
 * A catalogue of resources: by type, then by id, each with its attributes.
 */
resources?: {
[k: string]: Resources
}
}
/**
 * When this version starts, and for whom.
 */
export interface Effective {
/**
 * The instant from which it counts, with a zone: `2026-01-01T00:00:00Z`. Version 1 judges everything before, too.
 */
from: string
existingMembers?: ExistingMembers
}
/**
 * One tier of the membership.
 */
export interface Tier {
title: Title
/**
 * `true`: no longer sold. Whoever has it keeps it.
 */
retired?: boolean
}
/**
 * When months and days begin. Left out: months on the day of the subscription, everything in UTC.
 */
export interface Calendar {
/**
 * When a month begins.
 */
month?: {
/**
 * `subscriptionDay`: on the day the membership began (the default); `firstOfMonth`: with the calendar month.
 */
startsOn?: ("subscriptionDay" | "firstOfMonth")
timeZone?: TimeZone
}
/**
 * When a day begins.
 */
day?: {
timeZone?: TimeZone
}
}
/**
 * A perk that a tier has or has not.
 */
export interface SwitchPerk {
title: Title
source?: Source
/**
 * `switch`: a tier has it or has not.
 */
kind: "switch"
tiers: SwitchTiers
afterEnd: AfterEnd
existingMembers?: ExistingMembers
whenFactsUnavailable?: WhenFactsUnavailable
accepts?: PerkAccepts
actions: PerkActions
says?: Says
/**
 * Values of the question that are shown beside the perk's own, each with where it comes from: `freeTrial: resource.properties.freeTrial`.
 */
echoes?: {
[k: string]: ClaimPath
}
}
/**
 * Which actions use this perk, each with what it does: `add` more of it, `use` it, `show` it, or `remove` something.
 */
export interface PerkActions {
[k: string]: PerkAction
}
/**
 * What the action does with the perk, and when. Otherwise the perk takes no part.
 */
export interface VerbWhen {
does: Verb
when?: ConditionName
}
/**
 * What the user is told, by the code of the reason.
 */
export interface Says {
[k: string]: Text
}
/**
 * A perk that bounds how much one question may ask for.
 */
export interface LimitPerk {
title: Title
source?: Source
/**
 * `limit`: the most that one question may ask for.
 */
kind: "limit"
of: LimitOf
tiers: LimitTiers
afterEnd: AfterEnd
existingMembers?: ExistingMembers
whenFactsUnavailable?: WhenFactsUnavailable
accepts?: PerkAccepts
actions: PerkActions
says?: Says
}
/**
 * The most that each tier may ask for: a number, `unlimited`, or one of these per measure.
 */
export interface LimitTiers {
[k: string]: LimitAmount
}
/**
 * A perk that may be used so many times in a period.
 */
export interface QuotaPerk {
title: Title
source?: Source
/**
 * `quota`: so many uses in a month or a day.
 */
kind: "quota"
per: Per
tiers: CountTiers
afterEnd: AfterEnd
existingMembers?: ExistingMembers
whenFactsUnavailable?: WhenFactsUnavailable
accepts?: PerkAccepts
actions: PerkActions
says?: Says
}
/**
 * How many each tier gets: a whole number or `unlimited`. 0: the tier does not have the perk.
 */
export interface CountTiers {
[k: string]: Count
}
/**
 * A perk that lets a member hold so many things at once.
 */
export interface SlotsPerk {
title: Title
source?: Source
/**
 * `slots`: so many things held at once.
 */
kind: "slots"
holds: Holding
tiers: CountTiers
afterEnd: AfterEnd
existingMembers?: ExistingMembers
whenFactsUnavailable?: WhenFactsUnavailable
accepts?: PerkAccepts
actions: PerkActions
says?: Says
}
/**
 * A perk that hands something out once in a period.
 */
export interface GrantPerk {
title: Title
source?: Source
/**
 * `grant`: an amount handed out once in a month or a day.
 */
kind: "grant"
per: Per
tiers: GrantTiers
afterEnd: AfterEnd
existingMembers?: ExistingMembers
whenFactsUnavailable?: WhenFactsUnavailable
accepts?: PerkAccepts
actions: PerkActions
says?: Says
}
/**
 * How much each tier gets: a whole number, or above the first tier a percentage on top of the first tier's number (`+20%`).
 */
export interface GrantTiers {
[k: string]: GrantAmount
}
/**
 * A perk whose amount is looked up in a table. Nothing between the rows is guessed.
 */
export interface TablePerk {
title: Title
source?: Source
/**
 * `table`: an amount for each row and tier.
 */
kind: "table"
by: TableBy
rows: TableRows
afterEnd: AfterEnd
existingMembers?: ExistingMembers
whenFactsUnavailable?: WhenFactsUnavailable
accepts?: PerkAccepts
actions: PerkActions
says?: Says
}
/**
 * One row for each value that may be asked for: the amount for each tier.
 */
export interface TableRows {
/**
 * The amount for each tier. 0: the tier gets nothing.
 */
[k: string]: {
[k: string]: TableAmount
}
}
/**
 * Something that may be asked.
 */
export interface Action {
title: Title
/**
 * The inputs of the question, by name. Each is required unless it has a default.
 */
input?: {
[k: string]: Input
}
/**
 * The type of thing it is asked about, such as `model`. The question must name one.
 */
resource?: string
/**
 * `true`: everybody may, although no perk and no rule says so.
 */
open?: boolean
}
/**
 * One input: its type or the list of its values, and its bounds.
 */
export interface Input {
title?: Title
/**
 * `integer` (whole numbers), `number`, `string` or `boolean`.
 */
type?: ("string" | "number" | "integer" | "boolean")
/**
 * The only values there are.
 * 
 * @minItems 1
 * @maxItems 1000
 * 
 * Items: One of the values.
 */
enum?: (string | number)[]
/**
 * The smallest number there is.
 */
minimum?: number
/**
 * The largest number there is.
 */
maximum?: number
/**
 * The most characters a text may have.
 */
maxLength?: number
/**
 * What counts when the question leaves it out.
 */
default?: (string | number | boolean)
}
/**
 * What is checked for an action, and what its answer says.
 */
export interface Rule {
source?: Source
/**
 * Reasons to deny, in order: the first that applies is the reason.
 * 
 * @minItems 1
 * @maxItems 200
 */
checks?: Check[]
/**
 * Values of an allow, by key: the first case that holds is put into the answer.
 */
answers?: {
[k: string]: AnswerCases
}
}
/**
 * A reason to deny: always, `when` something holds, or `unless` it holds.
 */
export interface Check {
when?: ConditionNames
unless?: ConditionNames
/**
 * The code of the reason, for programs: an id of your own.
 */
deny: string
says: Text
}
/**
 * A value, and when it is the answer.
 */
export interface AnswerCase {
when?: ConditionNames
unless?: ConditionNames
/**
 * What the answer says: a value, a list or a map of your own.
 */
value: unknown
}
/**
 * Holds when all of these hold.
 */
export interface AllOfConditions {
/**
 * All of these must hold.
 * 
 * @minItems 1
 * @maxItems 1000
 */
all: Condition[]
}
/**
 * Holds when at least one of these holds.
 */
export interface AnyOfConditions {
/**
 * At least one of these must hold.
 * 
 * @minItems 1
 * @maxItems 1000
 */
any: Condition[]
}
/**
 * Holds when this does not hold.
 */
export interface NotCondition {
not: Condition
}
/**
 * Holds when the condition of this name holds.
 */
export interface ConditionReference {
condition: ConditionName
}
/**
 * Compares one fact with a value.
 */
export interface Comparison {
fact: Fact
path: FactPath
operator: Operator
value: ComparedValue
}
/**
 * Another fact.
 */
export interface FactReference {
fact: Fact
path: FactPath
}
/**
 * The attributes of one type, by name.
 */
export interface Attributes {
[k: string]: Attribute
}
/**
 * One attribute: its type, or the list of its values.
 */
export interface Attribute {
title?: Title
/**
 * `string`, `number` or `boolean`.
 */
type?: ("string" | "number" | "boolean")
/**
 * The only values there are.
 * 
 * @minItems 1
 * @maxItems 1000
 * 
 * Items: One of the values.
 */
enum?: (string | number)[]
/**
 * `true`: a list of such values.
 */
list?: boolean
}
/**
 * The resources of one type, by id.
 */
export interface Resources {
[k: string]: Resource
}
/**
 * The attributes of one resource.
 */
export interface Resource {
[k: string]: AttributeValue
}
