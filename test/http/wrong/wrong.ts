/** A way to ask wrongly, and what the answer says. */
export interface Wrong {
  readonly what: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly status: number;
  readonly code: string;
  readonly field?: string;
  readonly didYouMean?: string;
  readonly detail?: RegExp;
}

export const DECISIONS = '/v1/decisions';
export const MEMBER = '/v1/members/sam';
