/**
 * Why there is no answer. `problem`: Perkbook, or a proxy before it, answered with an error status. `network`: nothing came back, or,
 * where there is a `status`, nothing that Perkbook would say. `timeout`: not in time. `aborted`: the caller, or `close()`, called it off.
 * `misuse`: the call or a setting is wrong, such as an `apiKey` that gives no key; it was not sent.
 */
export type FailureKind = 'problem' | 'network' | 'timeout' | 'aborted' | 'misuse';

/** What a problem document (RFC 9457) of Perkbook says, as far as it says it. */
export interface ProblemFields {
  readonly status?: number | undefined;
  /** One of a closed list: `unknown_action`, `invalid_field`, … */
  readonly code?: string | undefined;
  /** JSON pointer to what is missing, unwanted or wrong. */
  readonly field?: string | undefined;
  readonly didYouMean?: string | undefined;
  /** Which question of a `mayAll` it is about, from 0. */
  readonly question?: number | undefined;
  /** Names the request in the logs of the server. */
  readonly requestId?: string | undefined;
  /** How long the server wants to be left alone, in milliseconds. */
  readonly retryAfter?: number | undefined;
}

/** The one error that the client throws. */
export class PerkbookError extends Error {
  override readonly name = 'PerkbookError';
  readonly kind: FailureKind;
  /** The message without what was probably meant. */
  readonly detail: string;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly field: string | undefined;
  readonly didYouMean: string | undefined;
  readonly question: number | undefined;
  readonly requestId: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(kind: FailureKind, detail: string, fields: ProblemFields & { readonly cause?: unknown } = {}) {
    const hint = fields.didYouMean === undefined ? '' : `; did you mean \`${fields.didYouMean}\`?`;
    super(detail + hint, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.kind = kind;
    this.detail = detail;
    this.status = fields.status;
    this.code = fields.code;
    this.field = fields.field;
    this.didYouMean = fields.didYouMean;
    this.question = fields.question;
    this.requestId = fields.requestId;
    this.retryAfter = fields.retryAfter;
  }

  /**
   * Whether Perkbook could not answer now, as opposed to a call that is wrong and would be wrong again: what `orElse` is for. A call
   * that was called off is neither.
   */
  get isOutage(): boolean {
    // Said with 429, because it is about the address: the key is still wrong when it has waited.
    if (this.code === 'too_many_wrong_keys') return false;
    if (this.kind === 'problem') return this.status !== undefined && (this.status === 429 || this.status >= 500);
    // Whoever answers as Perkbook would not is somebody else: the address is wrong.
    return this.kind === 'timeout' || (this.kind === 'network' && this.status === undefined);
  }
}

/** The call itself is wrong. */
export function misuse(message: string, cause?: unknown): PerkbookError {
  return new PerkbookError('misuse', message, cause === undefined ? {} : { cause });
}
