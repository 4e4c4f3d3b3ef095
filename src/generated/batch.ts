// Made from schemas/batch.schema.json by scripts/generate-types.mjs. Do not edit.

/**
 * Up to 1000 questions at once, answered in their order.
 */
export interface ApiBatch {
/**
 * The questions. One that cannot be understood gets an error in its place; the others are answered.
 * 
 * @minItems 1
 * @maxItems 1000
 */
questions: unknown[]
/**
 * The instant it is asked for, RFC 3339 with a zone; now where absent.
 */
at?: string
/**
 * `brief`: only the decision, its code and until when it holds.
 */
detail?: ("full" | "brief")
}
